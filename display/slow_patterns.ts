import { shorten } from "./text/shorten.ts";

/**
 * Refuses a user's pattern that takes very long for a text. V8 cannot interrupt
 * an expression that backtracks, so that the beginning of the text is searched
 * first, in growing parts. This takes no time for the usual short text.
 *
 * @throws {RangeError} that names the pattern and the text
 */
export function refuseSlow(pattern: RegExp, text: string, where: string): void {
  const isRisky = repeatedGroup.test(pattern.source);
  let length = isRisky ? 20 : 512;
  for (; length < text.length; length = next(length)) {
    // The end of a line that nearly matches: a match may be found quickly.
    const start = `${text.slice(0, length)}\n\0`;
    const took = timeOf(pattern, start);
    if (took < maxTime) continue;
    // Another process may have delayed it.
    if (took < 2 * maxTime && timeOf(pattern, start) < maxTime) continue;
    throw new RangeError(
      `the pattern ${pattern} takes too long: more than ${maxTime / 1000} s ` +
        `for the first ${length} characters of ${where}` +
        `${JSON.stringify(shorten(text, 60))}. Make its parts match less, or ` +
        "different text",
    );
  }
}

// Only these can take exponential time: 60 characters are too many for them.
const repeatedGroup = /\)[*+{]/;

const next = (length: number) => length < 60 ? length + 2 : 2 * length;

function timeOf(pattern: RegExp, text: string): number {
  const start = performance.now();
  if (pattern.global) text.replace(pattern, "");
  else text.search(pattern);
  return performance.now() - start;
}

/** Milliseconds. */
const maxTime = 500;
