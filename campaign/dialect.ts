// The one place that knows how DuckDB and Spark differ from SQLite, apart from
// questions that have a text for campaigns.

import {
  replaceParameters,
  type Result,
  type SqlParameter,
  type SqlParameters,
  type SqlValue,
} from "../sql/mod.ts";
import {
  extractRecursions,
  type Recursion,
  replaceArrows,
  replaceCalls,
} from "./sql_rewriting.ts";

/** How DuckDB sorts as SQLite does, and functions that it lacks. */
export const duckdbSettings = [
  "SET default_null_order = 'sqlite'",
  "SET autoinstall_known_extensions = false",
  "CREATE MACRO iif(condition, a, b) AS CASE WHEN condition THEN a ELSE b END",
  "CREATE MACRO percentile(x, p) AS quantile_cont(x, p / 100.0)",
  "CREATE MACRO char(n) AS chr(n)",
  "CREATE MACRO hash64(x) AS hash(x)",
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

/**
 * The text for Spark, the texts to bind by their names, and the recursions whose
 * rows it reads: Spark's own keep each row as often as they find it.
 */
export function forSpark(
  text: string,
  values: SqlParameters,
): {
  text: string;
  bound: Record<string, string>;
  recursions: readonly Recursion[];
} {
  const bound: Record<string, string> = {};
  const names = new Map<string, string>();
  const bind = (value: string): string => {
    const name = names.getOrInsertComputed(value, () => `text${names.size}`);
    bound[name] = value;
    return `:${name}`;
  };
  let result = withValues(
    text,
    values,
    (value) => typeof value === "string" ? bind(value) : literal(value),
  );
  const memberOf = (json: string, parameter: string): string => {
    const key = keyOf(bound[parameter.slice(1)]!);
    // Spark's paths have no quotes.
    return /^[\w-]+$/.test(key)
      ? `get_json_object(${json}, ${bind(`$.${key}`)})`
      : `from_json(${json}, 'map<string,string>')[${bind(key)}]`;
  };
  // The type of list.value differs between programs, that of ->> does not.
  result = result.replace(
    /CROSS JOIN json_each\(([\w.]+), (:\w+)\) AS (\w+)/g,
    (_, json, parameter, list) =>
      `LATERAL VIEW posexplode(from_json(${memberOf(json, parameter)}, ` +
      `'array<string>')) ${list} AS id, value`,
  );
  result = replaceArrows(result, (left, right) => {
    const list = /^(\w+)\.fullkey$/.exec(right)?.[1];
    if (list !== undefined) return `${list}.value`;
    // The arrays that JSON_ARRAY becomes below.
    const index = /^\(?(\d+)\)?$/.exec(right)?.[1];
    if (index !== undefined) return `${left}[${index}]`;
    if (right.startsWith(":")) return memberOf(left, right);
    const path = /^'(?:\$\.)?([^']*)'$/.exec(right)?.[1];
    return `get_json_object(${left}, ${
      path === undefined ? right : `'$.${path}'`
    })`;
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
  for (const [name, other] of Object.entries(sparkFunctions)) {
    result = replaceCalls(result, name, (args) => `${other}(${args})`);
  }
  result = replacePercentiles(
    result,
    (x, parts) => `to_json(percentile(${x}, array(${parts})))`,
  );
  const plain = result.replace(/\bAS (?:NOT )?MATERIALIZED \(/g, "AS (")
    .replace(/\bAS TEXT\)/g, "AS STRING)");
  return { bound, ...extractRecursions(plain) };
}

/** Functions that Spark has by other names. */
const sparkFunctions = {
  HASH64: "xxhash64",
  UNNEST: "explode",
  JSON_KEYS: "json_object_keys",
  GENERATE_SERIES: "sequence",
};

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
