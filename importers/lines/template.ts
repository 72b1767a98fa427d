/** A message as the text that its program has for all of its kind. */
export interface Template {
  /** With %s where the messages differ. */
  text: string;
  /** What stands in the places of %s. */
  values: string[];
}

// What differs from one message to the next: what is in a list of numbers or in
// a dictionary, however much it is, an object's repr, quoted text, UUIDs, hex,
// paths, the label of an executor, versions and addresses
// (1.3.0-dev-84803bdc2-clean, 127.0.0.1), numbers. A minus sign is of a number
// only where no word goes before: block-0 has none.
const varying = new RegExp(
  [
    /(?<=\[)\d+(?:, \d+)+(?=\])/,
    /(?<=\{)['"][^{}]*(?=\})/,
    /<[^<>]*(?:<[^<>]*>[^<>]*)*>/,
    /b?'[^']*'|"[^"]*"/,
    /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/,
    /\b0x[0-9a-f]+\b/,
    /(?<![\w%])\/[^\s,;:'")\]]+/,
    /(?<=\b[Ee]xecutor )(?!id\b|tasks?\b|shut|update|with\b|has\b|\d)[\w.-]+/,
    /\b(?=\d*[a-f]*\d)[0-9a-f]{8,}\b/,
    /\b\d+(?:\.\d+){2,}(?:[\w.+-]*\w)?/,
    /(?:(?<![\w%])-)?\b\d+(?:\.\d+)?(?:e[-+]?\d+)?/,
  ].map(({ source }) => source).join("|"),
  "g",
);

// Templates are indexed: one of megabytes would be kept twice.
const longest = 4096;

/** Where in a message a value is. */
export type Place = readonly [start: number, end: number];

/**
 * The template of a message: "Task 5 will be sent to executor htex" has "Task
 * %s will be sent to executor %s". Of a very long one, its beginning.
 */
export function templateOf(message: string): Template {
  const { text, places } = templatePlaces(message);
  return { text, values: places.map((place) => message.slice(...place)) };
}

/** The same, with the places where the values are. */
export function templatePlaces(
  message: string,
): { text: string; places: Place[] } {
  const places: Place[] = [];
  const text = message.slice(0, longest).replace(varying, (value, at) => {
    places.push([at, at + value.length]);
    return "%s";
  });
  return { text: message.length > longest ? `${text}…` : text, places };
}
