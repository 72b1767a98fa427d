/**
 * The object or array that a line of JSON is; undefined if it is none, or one
 * so deep that SQLite would not read it.
 */
export function parseRecord(
  given: string,
): Record<string, unknown> | unknown[] | undefined {
  if (!/^\s*[{[]/.test(given)) return undefined;
  // A byte of no text in a text is no reason to lose the record.
  const text = given.toWellFormed();
  try {
    const value = JSON.parse(text);
    return isTooDeep(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

// https://www.sqlite.org/json1.html: queries of deeper ones are an error.
const deepest = 1000;

/** Whether a text of JSON is so deep that SQLite would not read it. */
export function isTooDeep(text: string): boolean {
  // Nearly all records are shorter than one so deep could be.
  if (text.length <= 2 * deepest) return false;
  if (count(text, "{") + count(text, "[") < deepest) return false;
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (isQuoted) {
      if (letter === backslash) i++;
      else if (letter === quote) isQuoted = false;
    } else if (letter === quote) isQuoted = true;
    else if (letter === openBrace || letter === openBracket) {
      if (++depth >= deepest) return true;
    } else if (letter === openBrace + 2 || letter === openBracket + 2) depth--;
  }
  return false;
}

/** How often a letter is in a text; beyond what is too deep it does not matter. */
function count(text: string, letter: string): number {
  let found = 0;
  let at = text.indexOf(letter);
  for (; at >= 0 && found < deepest; found++) at = text.indexOf(letter, at + 1);
  return found;
}

const [quote, backslash, openBrace, openBracket] = [...'"\\{[']
  .map((letter) => letter.charCodeAt(0)) as [number, number, number, number];
