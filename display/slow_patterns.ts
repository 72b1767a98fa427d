import { shorten } from "./text/shorten.ts";

/**
 * Refuses a user's pattern that takes very long for a text. V8 cannot interrupt
 * an expression that backtracks, so the beginning of the text is searched first,
 * in growing parts. This takes little time for the usual short text.
 *
 * @throws {RangeError} that names the pattern and the text
 */
export function refuseSlow(pattern: RegExp, text: string, where: string): void {
  const isRisky = repeatedGroup.test(pattern.source);
  let length = isRisky
    ? 20
    : firstLengths.getOrInsertComputed(pattern, firstLength);
  while (length < text.length) {
    // The end of a line that nearly matches: a match may be found quickly.
    const start = `${text.slice(0, length)}\n\0`;
    let took = timeOf(pattern, start);
    // Another process may have delayed it.
    if (took > maxTime && took < 2 * maxTime) took = timeOf(pattern, start);
    if (took > maxTime) {
      throw new RangeError(
        `the pattern ${pattern} takes too long: more than ` +
          `${maxTime / 1000} s for the first ${length} characters of ${where}` +
          `${JSON.stringify(shorten(text, 60))}. Make its parts match less, ` +
          "or different text",
      );
    }
    length = isRisky && length < maxExponential
      ? length + 2
      : Math.ceil((took < 1 ? 2 : 1.25) * length);
  }
}

// Only these can take exponential time: 60 characters are too many for them.
const repeatedGroup = /\)[*+{]/;
const maxExponential = 60;

const firstLengths = new WeakMap<RegExp, number>();

/** A part that takes milliseconds: each quantifier multiplies by its length. */
function firstLength({ source }: RegExp): number {
  const quantifiers = source.match(/[*+{]/g)?.length ?? 0;
  return Math.max(32, 1024 >> quantifiers);
}

function timeOf(pattern: RegExp, text: string): number {
  const start = performance.now();
  if (pattern.global) text.replace(pattern, "");
  else text.search(pattern);
  return performance.now() - start;
}

/** Milliseconds. */
const maxTime = 500;
