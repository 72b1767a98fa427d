/**
 * Copies a text that may be a slice of a chunk of a log, which it would keep
 * alive.
 */
export const copyOf = (text: string): string =>
  JSON.parse(JSON.stringify(text));
