/**
 * Text without what would move the cursor or change the colours of somebody's
 * terminal. Line breaks and tabs stay, if they are wanted.
 */
export const printable = (text: string, { lines = false } = {}): string =>
  text.replace(lines ? controlsButLines : controls, "\ufffd");

// deno-lint-ignore no-control-regex
const controls = /[\0-\x1f\x7f-\x9f]/g;
const controlsButLines =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g;
