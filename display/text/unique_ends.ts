/**
 * For each path, the shortest end of it, cut at a slash, that no other path ends
 * with; the path itself if there is none.
 *
 * @param taken ends that mean something else
 */
export function uniqueEnds(
  paths: Iterable<string>,
  taken: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const ends = new Map(Array.from(paths, (path) => {
    const parts = path.split("/");
    return [path, parts.map((_, i) => parts.slice(-1 - i).join("/"))];
  }));
  const counts = new Map<string, number>();
  for (const end of ends.values().flatMap((ends) => ends)) {
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return new Map(
    ends.entries().map(([path, ends]) => [
      path,
      ends.find((end) => counts.get(end) === 1 && !taken.has(end)) ?? path,
    ]),
  );
}
