/**
 * Reads a file's name and its transfer: bytes, microseconds and when it started,
 * or, in 7.5.0 and before, megabytes and seconds. The header of later versions
 * says megabytes, too.
 */
export function transferIn(words: string) {
  const [, direction, rest = ""] = /^(?:(INPUT|OUTPUT) )?(.*)$/.exec(words)!;
  const whole = /^(.+) (\d+) (\d+) (\d+)$/.exec(rest);
  if (whole) {
    const [bytes, wall, start] = whole.slice(2).map(Number);
    return {
      direction,
      filename: whole[1],
      bytes,
      seconds: wall! / 1e6,
      started: start! / 1e6 || undefined,
    };
  }
  const [, filename, size, wall, start] =
    /^(.+) (\d+\.\d+) (-?\d{1,8}\.\d+)(?: (\d{9,}\.\d+))?$/.exec(rest) ?? [];
  if (filename === undefined) return undefined;
  return {
    direction,
    filename,
    bytes: bytesOf(Number(size)),
    // Pre-releases subtracted a time that they did not have.
    seconds: Number(wall) < 0 ? undefined : Number(wall),
    started: start && Number(start),
  };
}

/** A size in megabytes of 2^20 bytes. */
export const bytesOf = (megabytes: number): number =>
  Math.round(megabytes * 2 ** 20);
