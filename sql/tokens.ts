/**
 * A token of SQL text. A `?` or `;` inside a literal, a quoted name or a
 * comment is not a token of its own.
 */
export interface Token {
  /** "other" is a literal, a quoted name, a number or an operator. */
  kind: "word" | "parameter" | "semicolon" | "other";
  /** As written; words in capitals. */
  text: string;
  /** Index of the first character. */
  start: number;
  /** Index after the last character. */
  end: number;
}

// A doubled quote inside a literal ('it''s') reads as two adjacent literals:
// harmless here, and it keeps the expression free of backtracking.
const pattern = new RegExp(
  [
    String.raw`(\s+|--[^\n]*|/\*[^]*?(?:\*/|$))`,
    String.raw`([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
    String.raw`(\?\d*|[:@$](?:[\w$\u0080-\uffff]|::)+)`,
    String.raw`(;)`,
    String.raw`'[^']*'?|"[^"]*"?|\x60[^\x60]*\x60?|\[[^\]]*\]?|\d[\w.]*|[^]`,
  ].join("|"),
  "gy",
);

/** Yields the tokens of SQL text; skips whitespace and comments. */
export function* tokenize(sql: string): Generator<Token> {
  for (const match of sql.matchAll(pattern)) {
    if (match[1] !== undefined) continue;
    const start = match.index;
    const end = start + match[0].length;
    if (match[2] !== undefined) {
      yield { kind: "word", text: match[2].toUpperCase(), start, end };
    } else if (match[3] !== undefined) {
      yield { kind: "parameter", text: match[3], start, end };
    } else {
      const kind = match[4] === undefined ? "other" : "semicolon";
      yield { kind, text: match[0], start, end };
    }
  }
}

/** The text with each parameter replaced. */
export const replaceParameters = (
  sql: string,
  replace: (parameter: string) => string,
): string =>
  sql.replace(
    pattern,
    (token, _space, _word, parameter?: string) =>
      parameter === undefined ? token : replace(parameter),
  );
