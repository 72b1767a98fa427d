import { visible } from "./untrusted.ts";

/** The name most similar to a mistyped one, if any is similar enough. */
export function nearest(
  given: string,
  names: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let min = Math.max(2, Math.ceil(given.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < min) [best, min] = [name, distance];
  }
  return best;
}

/** ". Did you mean NAME?" with a prefix before the name, or nothing. */
export function didYouMean(
  given: string,
  names: Iterable<string>,
  prefix = "",
): string {
  const name = nearest(given, names);
  return name === undefined ? "" : `. Did you mean ${prefix}${visible(name)}?`;
}

/** Levenshtein distance. */
function editDistance(one: string, other: string): number {
  const row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= other.length; j++) {
      const change = diagonal + (one[i - 1] === other[j - 1] ? 0 : 1);
      diagonal = row[j]!;
      row[j] = Math.min(diagonal + 1, row[j - 1]! + 1, change);
    }
  }
  return row[other.length]!;
}
