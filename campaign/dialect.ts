// The one place that knows how DuckDB differs from SQLite, apart from the two
// recursions of dnpc/questions: it allows only one arm of a recursion to name it.

import type { SqlParameter, SqlParameters, SqlValue } from "../sql/mod.ts";
import { replaceParameters, tokenize } from "../sql/mod.ts";

/** Settings by which DuckDB sorts as SQLite does. */
export const settings = [
  "SET default_null_order = 'sqlite'",
  "SET autoinstall_known_extensions = false",
];

/** Functions that SQLite or dnpc has and DuckDB has not. */
export const macros = [
  "CREATE MACRO iif(condition, a, b) AS CASE WHEN condition THEN a ELSE b END",
  "CREATE MACRO percentile(x, p) AS quantile_cont(x, p / 100.0)",
  "CREATE MACRO char(n) AS chr(n)",
];

/**
 * The text with parentheses around each `x ->> y`: this operator binds weaker
 * than any other in DuckDB, and stronger in SQLite.
 */
function withTightArrows(text: string): string {
  const tokens = [...tokenize(text)];
  const opened = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ text }, i) => {
    if (text === "(") open.push(i);
    if (text === ")" && open.length > 0) {
      const start = open.pop()!;
      opened.set(i, start);
      opened.set(start, i);
    }
  });
  const before = new Map<number, string>();
  const add = (at: number, what: string) =>
    before.set(at, (before.get(at) ?? "") + what);
  for (let i = 1; i + 3 < tokens.length; i++) {
    const isArrow = tokens[i]!.text === "-" && tokens[i + 1]!.text === ">" &&
      tokens[i + 2]!.text === ">" && tokens[i]!.end === tokens[i + 1]!.start;
    if (!isArrow) continue;
    // The operand before it: a name with its table, or a call.
    let first = opened.get(i - 1) ?? i - 1;
    if (first !== i - 1 && tokens[first - 1]?.kind === "word") first--;
    while (tokens[first - 1]?.text === ".") first -= 2;
    let last = opened.get(i + 3) ?? i + 3;
    while (tokens[last + 1]?.text === ".") last += 2;
    add(tokens[first]!.start, "(");
    add(tokens[last]!.end, ")");
  }
  let result = "";
  let done = 0;
  for (const at of [...before.keys()].sort((a, b) => a - b)) {
    result += text.slice(done, at) + before.get(at);
    done = at;
  }
  return result + text.slice(done);
}

/**
 * The text with numbers in place of their `?`, because DuckDB takes a bound one
 * for a DOUBLE; and the texts to bind.
 */
export function bindForDuckDB(
  text: string,
  values: SqlParameters,
): { text: string; bound: string[] } {
  const bound: string[] = [];
  const named = values as Readonly<Record<string, SqlParameter>>;
  let next = 0;
  const filled = replaceParameters(withTightArrows(text), (name) => {
    const value = Array.isArray(values)
      ? name === "?" ? (values as readonly SqlParameter[])[next++] : undefined
      : named[name.slice(1)];
    if (value === undefined) return name;
    if (typeof value === "string") {
      bound.push(value);
      return "?";
    }
    return literal(value);
  });
  return { text: filled, bound };
}

function literal(value: Exclude<SqlParameter, string>): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value instanceof Uint8Array) return `from_hex('${value.toHex()}')`;
  if (value instanceof Date) return literal(value.getTime() / 1000);
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "NULL";
    if (!Number.isFinite(value)) return `CAST('${value}' AS DOUBLE)`;
    if (Number.isSafeInteger(value)) return `(${value})`;
    return `(${value}${String(value).includes("e") ? "" : "e0"})`;
  }
  return `(${value})`;
}

/** Columns and rows of a result, with the values that SQLite would give. */
export function resultOf(
  read: { deduplicatedColumnNames(): string[]; getRowsJS(): unknown[][] },
): { columns: string[]; rows: SqlValue[][] } {
  const columns = read.deduplicatedColumnNames();
  const rows = read.getRowsJS() as SqlValue[][];
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) row[i] = sqliteValue(row[i]);
  }
  return { columns, rows };
}

function sqliteValue(value: unknown): SqlValue {
  switch (typeof value) {
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      return value <= maxNumber && value >= -maxNumber ? Number(value) : value;
    default:
      return value as SqlValue;
  }
}

const maxNumber = 2n ** 53n;
