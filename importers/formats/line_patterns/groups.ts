/** What named groups matched; undefined where one took no part. */
export type Groups = Record<string, string | undefined>;

/** Those that matched. */
export function defined(groups: Groups): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).filter((group): group is [string, string] =>
      group[1] !== undefined
    ),
  );
}

/** Whether what a group matched is an attribute of the span. */
export const isAttribute = (group: string): boolean =>
  group !== "time" && group !== "event";

/** The names of an expression's groups, in their order. */
export function groupsOf({ source, flags }: RegExp): string[] {
  // With an empty alternative it fits the empty text; all groups are named.
  const all = new RegExp(`${source}|`, flags.replace(/[gy]/g, ""));
  return Object.keys(all.exec("")?.groups ?? {});
}
