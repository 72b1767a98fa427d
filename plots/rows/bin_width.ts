// Widths that are easy to read, in seconds; from a year on, round numbers.
const widths = [-6, -5, -4, -3, -2, -1, 0]
  .flatMap((power) => [1, 2, 5].map((n) => Number(`${n}e${power}`)))
  .concat([10, 15, 30], [1, 2, 5, 10, 15, 30].map((n) => n * 60))
  .concat([1, 2, 3, 6, 12, 24].map((n) => n * 3600))
  .concat([2, 7, 28, 364].map((n) => n * 86_400));

/**
 * Width of bins for this many seconds: `per`, or a round one that makes at most
 * 200 bins, and is a multiple of `given`, the width of bins that exist already.
 *
 * @throws {RangeError} if `per` is not above 0.
 */
export function binWidth(
  seconds: number,
  per: number | undefined,
  given: number | undefined,
): number {
  if (per === undefined) return roundWidth(seconds, 200, given);
  if (!(per > 0 && per < Infinity)) {
    throw new RangeError(
      `per must be a number of seconds above 0; it is ${per}`,
    );
  }
  // A time that is far off, as in a damaged log, must not make endless bins.
  return roundWidth(seconds, 1_000_000, per);
}

/**
 * The smallest round width that divides this many seconds into at most `max`
 * bins; a multiple of `given`, the width of bins that exist already.
 */
function roundWidth(seconds: number, max: number, given?: number): number {
  const fits = (width: number) => seconds / width < max;
  if (given === undefined ? !(seconds > 0) : fits(given)) return given ?? 1;
  const unit = given ?? widths.at(-1)!;
  const isRound = (width: number) =>
    given === undefined || width > given && isWhole(width / given);
  return widths.find((width) => fits(width) && isRound(width)) ??
    unit * Math.ceil(seconds / unit / max + 1e-9);
}

/**
 * Bins of one width, numbered from 0 at time 0: the number of the bin that has a
 * time, and the start of a bin. Fractions of a second are divided by their
 * inverse, since 0.3 / 0.1 is less than 3.
 */
export function binsOf(width: number): {
  place: (time: number) => number;
  edge: (place: number) => number;
} {
  const perSecond = Math.round(1 / width);
  return width < 1 && Math.abs(1 / width - perSecond) < 1e-6
    ? {
      place: (time) => Math.floor(time * perSecond),
      edge: (place) => place / perSecond,
    }
    : {
      place: (time) => Math.floor(time / width),
      edge: (place) => place * width,
    };
}

const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-9;
