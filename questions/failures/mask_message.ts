/**
 * Masks the parts of a message that differ from one occurrence of an error to the
 * next: numbers as N; paths, addresses, identifiers and the given hosts as "…".
 * Codes of errors stay: they are what differs between causes. Only the first line
 * counts, with the next one if it ends with a colon, at most 300 characters.
 *
 * "Task 7 (0x7f3a) lost on 4c57a1f4c2bf" is "Task N (…) lost on …".
 */
export function maskMessage(
  message: string,
  hosts: ReadonlySet<string> = new Set(),
): string {
  return firstLine(message).replace(
    variable,
    (part, code?: string) =>
      code !== undefined || constant.test(part)
        ? part
        : part.startsWith("/") || identifier.test(part) || hosts.has(part)
        ? "…"
        : part.replace(number, "N"),
  );
}

const maxLength = 300;

function firstLine(message: string): string {
  const [line = "", next = ""] = message.trimStart().slice(0, maxLength)
    .split("\n", 2);
  return line.trimEnd().endsWith(":")
    ? `${line.trimEnd()} ${next.trim()}`.trimEnd()
    : line.trimEnd();
}

// Codes of errors, paths and URLs, and words, which may hold dots and hyphens.
const variable =
  /((?:Errno|exit code:?|exit status|signal) -?\d+)|(?<=['"])\/[^'"]+|(?<![\w/])\/[\w.@%+~-]+(?:\/[\w.@%+~-]*)+|(?<!\w)-?\w(?:[\w.-]*\w)?/gi;

// UUIDs, addresses in memory or of hosts, and identifiers with a digit in them.
const identifier =
  /^(?:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|0x[\da-f]+|(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{8,}|\d+(?:\.\d+){3})$/i;

// Names whose digits say what they are.
const constant =
  /^(?:(?:u?int|float|complex|utf-?|latin-?|cp|sha|md|base|python|x)\d[\d_]*|iso-8859-\d+)$/i;

const number = /^-?\d+(?:\.\d+)*(?:e[+-]?\d+)?$|\d+/gi;
