/**
 * Masks the parts of a message that differ from one occurrence of an error to the
 * next: numbers as N, identifiers and addresses as "…". Only the first line
 * counts, at most 300 characters of it.
 *
 * "Task 7 (0x7f3a) lost on 4c57a1f4c2bf" is "Task N (…) lost on …".
 */
export function maskMessage(message: string): string {
  const [line = ""] = message.trimStart().slice(0, maxLength).split("\n", 1);
  return line.trimEnd().replace(
    variable,
    (part) => /^-?[\d.]+$/.test(part) ? "N" : "…",
  );
}

const maxLength = 300;

// Identifiers with a digit in them, UUIDs, addresses in memory, numbers.
const variable =
  /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b|\b0x[\da-f]+\b|\b(?=[a-f]*\d)[\da-f]{8,}\b|-?\b\d+(?:\.\d+)?\b/gi;
