/** Where each name of the reference is: "charts.md#twoevents". */
export type Places = ReadonlyMap<string, string>;

/**
 * The anchors that GitHub gives to the headings of one page, in their order: a
 * second heading with the same letters gets a number.
 */
export function anchors(): (heading: string) => string {
  const taken = new Map<string, number>();
  return (heading) => {
    const plain = heading.toLowerCase().replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
    const count = taken.get(plain) ?? 0;
    taken.set(plain, count + 1);
    return count === 0 ? plain : `${plain}-${count}`;
  };
}

/** The text of a doc comment, as a page has it: its links lead somewhere. */
export function withLinks(text: string, page: string, places: Places): string {
  return text.trim().replace(
    /\{@link(?:code)? (\w+)\}/g,
    (_, name) => link(name, page, places),
  );
}

/** A name of the doors as a link to it. */
export function link(name: string, page: string, places: Places): string {
  const place = places.get(name);
  if (place === undefined) return `\`${name}\``;
  const [file, anchor] = place.split("#");
  return `[\`${name}\`](${file === `${page}.md` ? "" : file}#${anchor})`;
}
