/**
 * Text in quotes, as DOT has it. A backslash would begin an escape, and a name
 * may have been anybody's.
 */
export const quoted = (text: string): string =>
  `"${
    text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")
      .replace(controls, "\ufffd").toWellFormed()
  }"`;

// deno-lint-ignore no-control-regex
const controls = /[\0-\x1f\x7f-\x9f]/g;
