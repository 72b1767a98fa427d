/** A pair key=value in a text. */
export interface Pair {
  key: string;
  /** Without quotes. */
  value: string;
  /** Where the value is, with its quotes. */
  place: readonly [start: number, end: number];
}

/**
 * The pairs anywhere in a line, as NetLogger and logfmt write them:
 * `ts=2022-08-03T09:26:40Z event=task.end msg="two words" n=5`. A value ends at a
 * space, or at a comma or semicolon before the next pair.
 */
export const pairsIn = (text: string): Pair[] =>
  Array.from(
    text.matchAll(pair),
    ({ 0: whole, 1: key = "", 2: found, index }) => {
      const end = index + whole.length;
      const isQuoted = /^["']/.test(found!);
      const written = isQuoted ? found! : found!.replace(/[,;]$/, "");
      const start = end - found!.length;
      return {
        key,
        value: isQuoted ? unquoted(written) : written,
        place: [start, start + written.length],
      };
    },
  );

/** The first value of each key. */
export function valuesOf(pairs: readonly Pair[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const { key, value } of pairs) values.getOrInsert(key, value);
  return Object.fromEntries(values);
}

// An open quote reaches to the end: linear for any text.
const pair =
  /(?<![^\s,;[{(])([A-Za-z_@][\w.@/:-]*)=("(?:[^"\\]|\\[^]?)*"?|'(?:[^'\\]|\\[^]?)*'?|[^\s,;]*(?:[,;](?![\w.@/:-]+=)[^\s,;]*)*)/g;

const unquoted = (text: string): string =>
  text.slice(1, text.length > 1 && text.endsWith(text[0]!) ? -1 : undefined)
    .replace(/\\([^])/g, (_, letter: string) => letters[letter] ?? letter);

const letters: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
