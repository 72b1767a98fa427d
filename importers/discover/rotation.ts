// A program that rotates a log renames parsl.log to parsl.log.1, and what had
// this name to parsl.log.2.

const rotated = /(?<=\.(?:json)?log)\.(\d+)$/;

/** The path of the log that a rotated file was. */
export const unrotated = (path: string): string => path.replace(rotated, "");

/** The path that the part before a log, or before a part of it, has. */
export const olderPart = (path: string): string =>
  `${unrotated(path)}.${rotation(path) + 1}`;

/** Orders names, and the parts of a rotated log from the oldest. */
export function byNameAndAge(a: string, b: string): number {
  const [one, other] = [unrotated(a), unrotated(b)];
  if (one !== other) return one < other ? -1 : 1;
  return rotation(b) - rotation(a);
}

const rotation = (path: string): number => Number(rotated.exec(path)?.[1] ?? 0);
