import { shortNames } from "./series.ts";

/**
 * Names of groups, which rows give column by column from the outside in, such as
 * run and executor: without what all have in common, such as folders, without
 * the name of the column, and with the first digits of long ids.
 */
export function shortParts(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
): string[][] {
  const short = columns.map((column, part) => {
    const names = [...new Set(rows.map((row) => row[part]!))];
    const prefix = `${column}-`;
    const shortened = withoutPrefix(shortIds(shortNames(names))).map((name) =>
      name.startsWith(prefix) ? name.slice(prefix.length) : name
    );
    return new Map(names.map((name, i) => [name, shortened[i]!]));
  });
  return rows.map((row) => row.map((name, part) => short[part]!.get(name)!));
}

const longId =
  /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,64})\b/gi;

/** Long ids by as many of their first digits as distinguish them. */
function shortIds(names: readonly string[]): string[] {
  const { size } = new Set(names);
  const cut = (digits: number) =>
    names.map((name) => name.replace(longId, (id) => id.slice(0, digits)));
  const enough = [8, 12, 16, 24].find((digits) =>
    new Set(cut(digits)).size === size
  );
  return enough ? cut(enough) : [...names];
}

// Shorter names are clearer as they are.
const maxLength = 20;

/** Long names without the words that all begin with: threads of a pool. */
function withoutPrefix(names: readonly string[]): string[] {
  const known = names.filter((name) => name !== "");
  const [first = ""] = known;
  if (known.length < 2 || known.every(({ length }) => length <= maxLength)) {
    return [...names];
  }
  let end = 0;
  for (
    let i = 0;
    known.every((name) => i < name.length && name[i] === first[i]);
    i++
  ) {
    if (/[-_:. ]/.test(first[i]!)) end = i + 1;
  }
  return names.map((name) => name.slice(end));
}

/** The parts that differ between rows, by their places. */
export const differingParts = (
  rows: readonly (readonly string[])[],
): number[] =>
  Array.from(rows[0] ?? [], (_, part) => part)
    .filter((part) => rows.some((row) => row[part] !== rows[0]![part]));

/** A name with its column: "block 0", "no app". */
export const titleOfPart = (column: string, name: string): string =>
  name === "" ? `no ${column}` : `${column} ${name}`;

/**
 * The fewest parts, from the inside out, that tell the rows apart, or those of
 * the same group; `from` are the places of the parts to choose from.
 */
export function distinguishingParts(
  rows: readonly (readonly string[])[],
  from: readonly number[],
  group: readonly string[] = [],
): number[] {
  for (let count = 1; count < from.length; count++) {
    const parts = from.slice(-count);
    const names = new Set(
      rows.map((row, r) =>
        JSON.stringify([group[r], ...parts.map((part) => row[part])])
      ),
    );
    if (names.size === rows.length) return parts;
  }
  return [...from];
}

/**
 * How groups are called that rows name column by column: beside a mark, and in
 * tips; the label of their axis, and a noun for one of them.
 */
export function nameGroups(
  groups: readonly (readonly string[])[],
  columns: readonly string[],
) {
  const short = shortParts(groups, columns);
  const differing = differingParts(short);
  const inner = columns.length - 1;
  const naming = distinguishingParts(
    short,
    differing.length ? differing : inner >= 0 ? [inner] : [],
  );
  return {
    names: short.map((names) =>
      naming.map((part) => names[part] || `no ${columns[part]}`).join("/")
    ),
    titles: short.map((names) =>
      names.map((part, i) => titleOfPart(columns[i]!, part)).join(", ")
    ),
    label: naming.map((part) => columns[part]).join("/"),
    noun: short.every((names) => names[inner]) ? columns[inner]! : "group",
  };
}
