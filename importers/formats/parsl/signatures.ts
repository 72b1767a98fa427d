// Logs of Parsl that have lost their names are recognized by the loggers of the
// first lines.

/** Recognizes a text log and its JSON counterpart by their first kilobytes. */
export interface Signatures {
  text: (start: string) => boolean;
  json: (start: string) => boolean;
}

/**
 * Patterns of a log: of the part from the process to the logger, of the logger in
 * lines of HTEX before 2026, and of a JSON record before its message.
 */
export function signaturesOf(
  { text, older, json }: { text: string; older?: string; json: string },
): Signatures {
  const unix = String
    .raw`\d{9,10}\.\d{1,9} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d ${text}`;
  const local = String
    .raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{1,9} ${older}`;
  const either = older === undefined ? unix : `(?:${unix}|${local})`;
  const [line, record] = [
    new RegExp(`^${either}`, "m"),
    new RegExp(String.raw`^\{"created": ?"?\d[^\n]{0,300}?${json}`, "m"),
  ];
  return {
    text: (start) => line.test(start),
    json: (start) => record.test(start),
  };
}
