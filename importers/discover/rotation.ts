// A program that rotates a log renames parsl.log.1 to parsl.log.2, and then
// parsl.log to parsl.log.1. It may compress the older parts: parsl.log.2.gz.

// With few digits: adding 1 to a very large number does not change it.
const rotated = /(?<=\.(?:json)?log)\.(\d{1,9})(?:\.gz)?$/;

/** The path of a rotated file before its rotation. */
export const unrotated = (path: string): string => path.replace(rotated, "");

/** The paths that the next older part of a log may have. */
export function olderParts(path: string): string[] {
  const older = `${unrotated(path)}.${rotation(path) + 1}`;
  return [older, `${older}.gz`];
}

/** Orders by name, and the parts of a rotated log from the oldest. */
export function byNameAndAge(a: string, b: string): number {
  const [one, other] = [unrotated(a), unrotated(b)];
  if (one !== other) return one < other ? -1 : 1;
  return rotation(b) - rotation(a);
}

const rotation = (path: string): number => Number(rotated.exec(path)?.[1] ?? 0);
