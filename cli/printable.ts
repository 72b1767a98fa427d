/**
 * Text without what would move the cursor or change the colours of somebody's
 * terminal, or turn round the order in which it is read. Line breaks and tabs
 * stay, if they are wanted.
 */
export const printable = (text: string, { lines = false } = {}): string =>
  text.replace(lines ? controlsButLines : controls, "\ufffd");

const controls =
  // deno-lint-ignore no-control-regex
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const controlsButLines =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/g;
