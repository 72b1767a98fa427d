import { visible } from "./untrusted.ts";

/**
 * The name most similar to a mistyped one, if any is similar enough, or else the
 * most similar one of those that have its last part: "rundir.try" for "try".
 */
export function nearest(
  given: string,
  names: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  // A name of one or two characters shares at least one with the match.
  const { length } = given;
  let min = Math.min(Math.max(2, Math.ceil(length / 3)), length - 1) + 1;
  let alike: string | undefined;
  let minAlike = Infinity;
  const end = given.toLowerCase().split(/[._/]/).at(-1)!;
  for (const name of names) {
    const lower = name.toLowerCase();
    const distance = editDistance(given.toLowerCase(), lower);
    if (distance < min) [best, min] = [name, distance];
    if (end !== "" && distance < minAlike && hasPart(lower, end)) {
      [alike, minAlike] = [name, distance];
    }
  }
  return min > 1 ? alike ?? best : best;
}

const hasPart = (name: string, part: string): boolean =>
  name.split(/[._/]/).includes(part);

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
