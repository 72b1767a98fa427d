import { listed } from "../display/text/mistakes.ts";
import { didYouMean } from "../display/text/nearest.ts";
import { visible } from "../display/text/untrusted.ts";
import type { Database } from "./database.ts";
import { explainMissing } from "./schema.ts";

/**
 * What SQLite does not say about an unknown name: the nearest one that exists,
 * and the others. It has no result code for these errors, only the text.
 */
export function hintOnName(
  db: Database,
  message: string,
  sql: string,
): string {
  const [, kind, name] =
    /^no such (table|column|function): (?:main\.)?"?([^"]+?)"?(?: - should .*)?$/
      .exec(message) ?? [];
  if (name === undefined) return "";
  if (name.startsWith("temp.materialized query")) return textAlone;
  try {
    if (kind === "table") return hintOnTable(db, name);
    return kind === "column"
      ? hintOnColumn(db, name.slice(name.lastIndexOf(".") + 1), sql)
      : hintOnFunction(db, name);
  } catch {
    // The schema of a stranger's file may be broken.
    return "";
  }
}

const textAlone =
  ". A query of the sql tag goes into another one by the tag, " +
  "sql`SELECT ... FROM (${query})`, not by its text";

function hintOnFunction(db: Database, name: string): string {
  const own = Object.hasOwn(ofPandas, name) ? ofPandas[name] : undefined;
  return own ? `. SQL has ${own}` : didYouMean(name, functionsOf(db));
}

/** Functions of pandas, and what they are in SQL. */
const ofPandas: Record<string, string> = {
  mean: "avg(x)",
  std: "stddev(x)",
  var: "variance(x)",
  len: "length(x)",
  size: "count(*)",
  nunique: "count(DISTINCT x)",
  quantile: "percentile(x, p), with p from 0 to 100",
  describe: "count(x), avg(x), stddev(x), min(x), median(x) and max(x)",
};

function hintOnTable(db: Database, table: string): string {
  const reason = explainMissing(db, table);
  if (reason !== undefined) return `: ${reason}`;
  const tables = tablesOf(db);
  const known = listed(tables);
  return (didYouMean(table, tables) || ".") +
    (known ? ` The tables are ${known}` : " There are no tables");
}

function hintOnColumn(db: Database, column: string, sql: string): string {
  const text = sql.toLowerCase();
  const tables = tablesOf(db).filter((table) => isWordIn(table, text));
  const columns = tables.flatMap((table) =>
    db.query<{ name: string }>("SELECT name FROM pragma_table_info(?)", [table])
      .map(({ name }) => ({ table, name }))
  );
  const near = didYouMean(column, columns.map(({ name }) => name));
  if (tables.includes("span") && isAttribute(db, column)) {
    return `. Spans have it as an attribute: write ${
      attributeOf(column)
    } in its place`;
  }
  if (columns.length === 0) return near;
  const lists = Map.groupBy(columns, ({ table }) => table).entries()
    .map(([table, columns]) =>
      `${visible(table)} has ${listed(columns.map(({ name }) => name))}`
    );
  return `${near || "."} The table ${[...lists].join(", and ")}`;
}

const attributeOf = (name: string) =>
  `span.attributes ->> '${visible(name.replaceAll("'", "''"))}'`;

const isAttribute = (db: Database, name: string): boolean =>
  db.query(
    `SELECT 1 FROM span, json_each(span.attributes) AS attribute
     WHERE attribute.key = ? LIMIT 1`,
    [name],
  ).length > 0;

const isWordIn = (name: string, text: string): boolean => {
  const lower = name.toLowerCase();
  for (let at = -1; (at = text.indexOf(lower, at + 1)) >= 0;) {
    const around = text.slice(at - 1, at) + " " +
      text.slice(at + lower.length, at + lower.length + 1);
    if (!/\w/.test(around)) return true;
  }
  return false;
};

const tablesOf = (db: Database): string[] =>
  db.query<{ name: string }>(
    `SELECT name FROM (
       SELECT name, type FROM sqlite_schema
       UNION SELECT name, type FROM sqlite_temp_schema)
     WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*'
       AND name NOT GLOB 'materialized [0-9]*'
     ORDER BY name`,
  ).map(({ name }) => name);

const functionsOf = (db: Database): string[] =>
  db.query<{ name: string }>(
    "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*'",
  ).map(({ name }) => name);
