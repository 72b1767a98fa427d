import type { Database } from "../database.ts";
import { insertRows } from "../insert.ts";
import { jsonPath } from "../json_path.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import type { SqlValue } from "../values.ts";
import { Rows } from "./rows.ts";
import type { Rule } from "./rules.ts";

/** The rows of a database that a call applies to. */
export interface ChosenRows {
  /** By default the spans. */
  table?: "span" | "event" | "log_record";
  /**
   * A type of spans or events, or a query of ids:
   * sql`SELECT id FROM span WHERE ...`. By default all.
   */
  of?: string | Sql;
}

/** The chosen rows in SQL. */
export interface RowsInSql {
  table: Sql;
  /** The JSON column. */
  json: Sql;
  /** The condition. It leaves out spans that a rule made. */
  where: Sql;
  isSpan: boolean;
}

/** @throws {TypeError} for another table, or a type of log records */
export function rowsInSql({ table = "span", of }: ChosenRows): RowsInSql {
  if (!["span", "event", "log_record"].includes(table)) {
    throw new TypeError(
      `table is "span", "event" or "log_record", not ${table}`,
    );
  }
  if (table === "log_record" && typeof of === "string") {
    throw new TypeError(
      `log records have no types, such as ${of}: give a query of ids`,
    );
  }
  const isSpan = table === "span";
  const chosen = of === undefined
    ? sql`true`
    : typeof of === "string"
    ? table === "event"
      ? sql`type_id IN (SELECT id FROM event_type WHERE type = ${of})`
      : sql`type = ${of}`
    : sql`id IN (${of})`;
  return {
    table: sql.id(table === "event" ? "event_row" : table),
    json: sql.id(table === "log_record" ? "entry" : "attributes"),
    where: isSpan ? sql`${chosen} AND NOT ${isMade}` : chosen,
    isSpan,
  };
}

/**
 * Whether a context rule made a span: only then are all of its attributes
 * implied.
 */
export const isMade: Sql = sql`(
  span.source_id IS NULL AND span.implied IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM json_each(span.attributes)
    WHERE key NOT IN (SELECT value FROM json_each(span.implied))))`;

/** A member of a JSON object as text; NULL if it is missing. */
export const memberText = (json: Sql, name: string): Sql =>
  sql`CAST(${json} ->> ${jsonPath(name)} AS TEXT)`;

/**
 * Reads the rows with the attributes that rules use.
 *
 * @param about the columns type, source_id and implied, if they matter
 */
export function readRows(
  db: Database,
  rules: Iterable<Rule>,
  { table, json, where }: RowsInSql,
  about: Sql = sql`'' AS type, NULL AS source_id, NULL AS implied`,
): Rows {
  const [{ count }] = db.query<{ count: number }>(
    sql`SELECT count(*) AS count FROM ${table}`,
  ) as [{ count: number }];
  const rows = new Rows(rules, count);
  // A few texts for millions of spans.
  const names = new Map<string | null, readonly string[]>([[null, []]]);
  const pages = inPages<RowAbout>(
    db,
    (after, size) =>
      sql`SELECT id, ${about}, ${json} AS json FROM ${table}
      WHERE id > ${after} AND (${where}) ORDER BY id LIMIT ${size}`,
  );
  for (const page of pages) {
    const members = page.map(({ json }) => membersIfTexts(json, rows));
    const ids = page.flatMap(({ id }, i) => members[i] ? [] : id);
    const texts = ids.length > 0
      ? textsInSql(db, ids, rows, { table, json })
      : undefined;
    page.forEach(({ id, type, source_id: sourceId, implied: text }, i) => {
      const implied = names.getOrInsertComputed(
        text,
        (text) => JSON.parse(text!),
      );
      const about = { type, sourceId, implied };
      rows.add(id, members[i] ?? texts!.get(id)!, about);
    });
  }
  return rows;
}

/**
 * Yields rows in the order of their ids, in pages: query() would hold all of
 * them, and iterate() takes more than twice as long.
 */
export function* inPages<T extends { id: number }>(
  db: Database,
  select: (after: number, size: number) => Sql,
): Generator<T[]> {
  let after = Number.MIN_SAFE_INTEGER;
  for (let length = pageSize; length === pageSize;) {
    const page = db.query<T>(select(after, pageSize));
    length = page.length;
    after = page.at(-1)?.id ?? after;
    yield page;
  }
}

const pageSize = 10_000;

interface RowAbout {
  id: number;
  type: string;
  source_id: number | null;
  implied: string | null;
  json: SqlValue;
}

/**
 * The members of a JSON object, if JavaScript, in a third of the time, reads the
 * same texts as SQLite. It does not if a value is a number or an object, if
 * surrogates are escaped, if only SQLite accepts the JSON, or if members share a
 * name: of these, SQLite reads the first.
 */
function membersIfTexts(
  json: SqlValue,
  rows: Rows,
): Record<string, unknown> | undefined {
  if (json === null) return {};
  if (typeof json !== "string" || json.includes("\\u")) return undefined;
  let members: Record<string, unknown>;
  try {
    members = JSON.parse(json);
  } catch {
    return undefined;
  }
  let count = 0;
  for (const name in members) {
    count++;
    const value = members[name];
    const isText = typeof value === "string" || value === null;
    if (!isText && rows.hasColumn(name)) return undefined;
  }
  const hasAll = (json.match(colonsOfMembers)?.length ?? 0) === count;
  return json.startsWith("{") && hasAll ? members : undefined;
}

/** At least one for each member. */
const colonsOfMembers = /"\s*:/g;

/** The attributes of rows that SQLite has to read, by the ids of the rows. */
function textsInSql(
  db: Database,
  ids: readonly number[],
  { columns }: Rows,
  { table, json }: Pick<RowsInSql, "table" | "json">,
): Map<number, Record<string, unknown>> {
  const texts = columns.map(({ name }) => sql`, ${memberText(json, name)}`);
  const found = db.query<{ id: number }>(
    sql`SELECT id${sql.join(texts, "")} FROM ${table}
      WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  );
  return new Map(found.map((row) => {
    const [id, ...values] = Object.values(row);
    const members = columns.map(({ name }, i) => [name, values[i]]);
    return [id!, Object.fromEntries(members)];
  }));
}

/**
 * Updates rows of a table, as `t`, by the implied values of some rows: `i.added`
 * is a JSON object of them, and `i.names` a JSON array of their names.
 *
 * @param columns to be set to the values
 * @returns how many rows there were
 */
export function writeImplied(
  db: Database,
  rows: Rows,
  changed: Iterable<number>,
  { table, columns, values }: { table: Sql; columns: Sql; values: Sql },
): number {
  db.run(`CREATE TEMP TABLE dnpc_implied (
    id INTEGER PRIMARY KEY, added TEXT, names TEXT)`);
  insertRows(
    db,
    "dnpc_implied",
    ["id", "added", "names"],
    Iterator.from(changed).map((row) => {
      const names = rows.impliedIn(row).map(({ name }) => name);
      const added = JSON.stringify(rows.valuesOf(row, names));
      return [rows.ids[row]!, added, JSON.stringify(names)];
    }),
  );
  // A subquery for each row is faster than UPDATE FROM, which first writes out
  // all rows.
  const { changes } = db.run(sql`UPDATE ${table} AS t SET (${columns}) = (
      SELECT ${values} FROM temp.dnpc_implied AS i WHERE i.id = t.id)
    WHERE id IN (SELECT id FROM temp.dnpc_implied)`);
  db.run("DROP TABLE temp.dnpc_implied");
  return changes;
}
