/**
 * A copy of a text that does not keep alive the chunk of a log that it is a
 * slice of.
 */
export const copyOf = (text: string): string =>
  JSON.parse(JSON.stringify(text));
