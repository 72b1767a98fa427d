// The one place that knows how DuckDB and Spark differ from SQLite, apart from
// questions that have a text for campaigns.

import {
  replaceParameters,
  type Result,
  type SqlParameter,
  type SqlParameters,
  type SqlValue,
} from "../sql/mod.ts";
import { replaceArrows, replaceCalls } from "./sql_rewriting.ts";

/** How DuckDB sorts as SQLite does, and functions that it lacks. */
export const duckdbSettings = [
  "SET default_null_order = 'sqlite'",
  "SET autoinstall_known_extensions = false",
  "CREATE MACRO iif(condition, a, b) AS CASE WHEN condition THEN a ELSE b END",
  "CREATE MACRO percentile(x, p) AS quantile_cont(x, p / 100.0)",
  "CREATE MACRO char(n) AS chr(n)",
];

/**
 * The text for DuckDB, and the texts to bind. Numbers are part of the text,
 * because DuckDB takes a bound one for a DOUBLE. Its ->> binds weaker than any
 * other operator, SQLite's stronger.
 */
export function forDuckDB(
  text: string,
  values: SqlParameters,
): { text: string; bound: string[] } {
  const bound: string[] = [];
  const tight = replaceArrows(text, (left, right) => `(${left} ->> ${right})`);
  const filled = withValues(tight, values, (value) => {
    if (typeof value !== "string") return literal(value);
    bound.push(value);
    return "?";
  });
  const result = replacePercentiles(
    filled,
    (x, ps) => `to_json(quantile_cont(${x}, [${ps}]))`,
  );
  return { text: result, bound };
}

/** The text for Spark, and the texts to bind by their names. */
export function forSpark(
  text: string,
  values: SqlParameters,
): { text: string; bound: Record<string, string> } {
  const bound: Record<string, string> = {};
  let result = withValues(text, values, (value) => {
    if (typeof value !== "string") return literal(value);
    const name = `text${Object.keys(bound).length}`;
    bound[name] = value;
    return `:${name}`;
  });
  result = replaceArrows(result, (left, right) => {
    // The arrays that JSON_ARRAY becomes below.
    const index = /^\(?(\d+)\)?$/.exec(right)?.[1];
    if (index !== undefined) return `${left}[${index}]`;
    const name = right.slice(1);
    const literalPath = /^'([^']*)'$/.exec(right)?.[1];
    if (literalPath !== undefined) {
      return `get_json_object(${left}, '$.${
        literalPath.replace(/^\$\./, "")
      }')`;
    }
    if (!right.startsWith(":")) return `get_json_object(${left}, ${right})`;
    const key = keyOf(bound[name]!);
    // Spark's paths have no quotes.
    const isPlain = /^[\w-]+$/.test(key);
    bound[name] = isPlain ? `$.${key}` : key;
    return isPlain
      ? `get_json_object(${left}, ${right})`
      : `from_json(${left}, 'map<string,string>')[${right}]`;
  });
  result = replaceCalls(
    result,
    "JSON_ARRAY",
    (items) => `array(${items.map((item) => `CAST(${item} AS STRING)`)})`,
  );
  // Spark trims the first of the second.
  result = replaceCalls(
    result,
    "RTRIM",
    ([text, characters]) =>
      characters === undefined
        ? `RTRIM( ${text})`
        : `trim(TRAILING ${characters} FROM ${text})`,
  );
  result = replaceCalls(
    result,
    "PERCENTILE",
    ([x, p]) => `percentile( ${x}, ${p} / 100e0)`,
  );
  result = replaceCalls(
    result,
    "JSON_GROUP_ARRAY",
    ([item]) => `to_json(sort_array(collect_list(${item})))`,
  );
  result = replaceCalls(
    result,
    "PERCENTILE",
    ([x, percentage]) => `percentile(${x}, ${percentage} / 100e0)`,
  );
  result = result.replace(
    /CROSS JOIN json_each\(([\w.]+)\) AS (\w+)/g,
    "LATERAL VIEW explode(json_object_keys($1)) $2 AS key",
  );
  if (/\bjson_each\b/.test(result)) {
    throw new RangeError(
      "Spark does not answer this question, which reads lists in attributes: " +
        "ask openCampaign()",
    );
  }
  const plain = result.replace(/\bAS (?:NOT )?MATERIALIZED \(/g, "AS (")
    .replace(/\bAS TEXT\)/g, "AS STRING)");
  return { text: plain, bound };
}

/**
 * Several percentiles of one column, as a JSON array: each alone would hold all
 * numbers once more.
 */
const replacePercentiles = (
  text: string,
  write: (x: string, parts: string[]) => string,
): string =>
  replaceCalls(
    text,
    "PERCENTILES",
    ([x, ...percentages]) => write(x!, percentages.map((p) => `${p} / 100e0`)),
  );

/** The name in a JSON path of one name. */
const keyOf = (path: string): string =>
  path.startsWith('$."')
    ? JSON.parse(path.slice(2)) as string
    : path.replace(/^\$\./, "");

function withValues(
  text: string,
  values: SqlParameters,
  write: (value: SqlParameter) => string,
): string {
  const named = values as Readonly<Record<string, SqlParameter>>;
  let next = 0;
  return replaceParameters(text, (name) => {
    const value = Array.isArray(values)
      ? name === "?" ? (values as readonly SqlParameter[])[next++] : undefined
      : named[name.slice(1)];
    return value === undefined ? name : write(value);
  });
}

function literal(value: Exclude<SqlParameter, string>): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value instanceof Uint8Array) return `unhex('${value.toHex()}')`;
  if (value instanceof Date) return literal(value.getTime() / 1000);
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "NULL";
    if (!Number.isFinite(value)) return `CAST('${value}' AS DOUBLE)`;
    if (Number.isSafeInteger(value)) return `(${value})`;
    return `(${value}${String(value).includes("e") ? "" : "e0"})`;
  }
  return `(${value})`;
}

/** The same rows with the values that SQLite would give. */
export function asInSqlite(
  columns: readonly string[],
  rows: unknown[][],
): Result {
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) row[i] = sqliteValue(row[i]);
  }
  return { columns, rows: rows as SqlValue[][] };
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
