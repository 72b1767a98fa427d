import { isUnixTime } from "./time_axis.ts";
import { formatDuration } from "./units.ts";

/**
 * How a tip says when: the time since the start or the clock, and over how long
 * where it speaks of a mean.
 */
export function timeWords(
  domain: readonly [number, number],
  columnSeconds?: number,
  clock?: boolean,
): (time: number) => string {
  const [first] = domain;
  const isUnix = isUnixTime(domain);
  const over = columnSeconds === undefined
    ? ""
    : `, mean of ${formatDuration(columnSeconds)}`;
  return (time) => {
    const moment = isUnix && clock
      ? `${new Date(time * 1000).toISOString().slice(0, 19)}Z`
      : `${formatDuration(time - (isUnix ? first : 0))}${
        isUnix ? " after the start" : ""
      }`;
    return `${moment}${over}`;
  };
}
