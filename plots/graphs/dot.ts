import { printable } from "../../display/text/untrusted.ts";

/** A quoted DOT string. A backslash in a name would begin an escape. */
export const quoted = (text: string): string =>
  `"${printable(text).replace(/[\\"]/g, "\\$&").replace(/\r?\n/g, "\\n")}"`;
