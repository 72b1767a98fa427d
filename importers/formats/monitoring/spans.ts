import { type Database, spanKeySql, type Sql, sql } from "../../../sql/mod.ts";
import {
  block,
  type CopiedRows,
  type CopiedTable,
  field,
  identifies,
  identity,
  keyColumns,
  rowsOf,
  spansOf,
  text,
  withSpans,
} from "./copied_rows.ts";
import {
  type Exception,
  exceptionOfRepr,
  shortened,
} from "../../lines/exceptions.ts";
import { writeEvents, writeMetrics } from "./events.ts";
import { columnsOfTable } from "./read.ts";
import {
  columns,
  identifyingColumns,
  type Kind,
  meanings,
  outer,
  typeOf,
} from "./tables.ts";

/**
 * Makes spans, events and metrics from copied rows, inside SQLite. Returns how
 * many are new.
 *
 * @param tables whose rows become events and metrics
 */
export function makeSpans(
  db: Database,
  rows: CopiedRows,
  tables: readonly CopiedTable[] = [],
): { spans: number; events: number; metrics: number } {
  const made = { spans: 0, events: 0, metrics: 0 };
  for (const kind of kinds) made.spans += writeSpans(db, rows, kind);
  describeByOthers(db, rows);
  describeFailures(db, rows);
  for (const kind of kinds) nest(db, kind);
  nestInBlocks(db, rows);
  for (const table of tables) {
    made.events += writeEvents(db, rows, table);
    if (table.name === "resource") {
      made.metrics += writeMetrics(db, rows, table);
    }
  }
  for (const kind of kinds) db.run(sql`DROP TABLE ${spansOf(kind)}`);
  return made;
}

/** Kinds of spans, inner ones first: their rows mention the outer ones. */
const kinds = (Object.keys(identifyingColumns) as Kind[])
  .sort((a, b) => columns[b].length - columns[a].length);

/** Writes the spans of a kind, and returns how many are new. */
function writeSpans(db: Database, rows: CopiedRows, kind: Kind): number {
  const last = collectSpans(db, rows, kind);
  const type = typeOf(kind);
  const values = columns[kind].map((name) => text(sql`s.${sql.id(name)}`));
  const key = spanKeySql(values);
  const members = sql`json_object(${
    sql.join([
      ...Object.keys(identifyingColumns[kind])
        .flatMap((name, i) => [name, sql`nullif(${values[i]!}, '')`]),
      ...membersOf(meanings[kind]!.details!),
    ])
  })`;
  const described = sql`${spansOf(kind)} AS s
    LEFT JOIN ${rowsOf(kind)} AS t ON t.rowid = s.row`;
  const { changes: known } = db.run(sql`
    UPDATE ${spansOf(kind)} AS s SET span_id = span.id FROM span
    WHERE span.type = ${type} AND span.key = ${key}`);
  if (known > 0) {
    describe(
      db,
      rows,
      sql`SELECT span_id, ${members} AS members FROM ${described}
        WHERE span_id <= ${last}`,
    );
  }
  // A patch leaves out members that are NULL.
  const attributes = sql`json_patch(${rows.common}, ${members})`;
  return db.run(sql`
    INSERT INTO span (id, type, key, attributes, source_id)
    SELECT span_id, ${type}, ${key}, ${attributes}, ${rows.sourceId}
    FROM ${described} WHERE span_id > ${last}`).changes;
}

/**
 * Collects the spans of a kind from rows and from inner spans, with new ids.
 * Returns the last id of existing spans.
 */
function collectSpans(
  db: Database,
  { isOwn }: CopiedRows,
  kind: Kind,
): number {
  const spans = spansOf(kind);
  // With the types of the copies, or comparing would not use the index.
  const typed = columns[kind].map((name) =>
    sql`${sql.id(name)} ${sql.raw(/^t\w+_id/.test(name) ? "INTEGER" : "TEXT")}`
  );
  db.run(sql`CREATE TEMP TABLE ${spans} (span_id INTEGER PRIMARY KEY,
    ${sql.join(typed)}, row INTEGER, UNIQUE (${keyColumns(kind)}))`);
  const [{ last }] = db.query(
    "SELECT ifnull(max(id), 0) AS last FROM span",
  ) as [{ last: number }];
  // SQLite counts on from this row.
  db.run(sql`INSERT INTO ${spans} (span_id) VALUES (${last})`);
  const add = (values: Sql, from: Sql) =>
    db.run(sql`INSERT OR IGNORE INTO ${spans} (${keyColumns(kind)}, row)
      SELECT ${values} FROM ${from}`);
  const values = sql.join(columns[kind].map(identity));
  for (
    const [table, { kind: mentioned, details }] of Object.entries(meanings)
  ) {
    if (mentioned !== kind) continue;
    const rows = sql`${rowsOf(table)} AS t
      WHERE ${isOwn(table)} AND ${identifies(kind)}`;
    // Distinct values come from the index of the copy, in half the time.
    if (details) add(sql`${values}, t.rowid`, rows);
    else {
      add(
        sql`${values}, NULL`,
        sql`(SELECT DISTINCT ${keyColumns(kind)} FROM ${rows}) AS t`,
      );
    }
  }
  // A span without a row of its own has only its identity.
  for (const inner of kinds.filter((inner) => outer[inner] === kind)) {
    add(sql`${keyColumns(kind)}, NULL`, spansOf(inner));
  }
  db.run(sql`DELETE FROM ${spans} WHERE span_id = ${last}`);
  return last;
}

/** Adds the JSON objects in `members` to the attributes of spans, by `span_id`. */
function describe(db: Database, { sourceId }: CopiedRows, query: Sql): void {
  db.run(sql`UPDATE span SET attributes = json_patch(attributes, members),
      -- An attribute from a source is no longer implied by a rule.
      implied = (SELECT nullif(json_group_array(value), '[]')
        FROM json_each(span.implied)
        WHERE value NOT IN (SELECT key FROM json_each(members))),
      -- Spans of a source that is being replaced are kept, with their ids.
      source_id = iif(source_id < 0, ${sourceId}, source_id)
    FROM (SELECT span_id, json_patch('{}', members) AS members FROM (${query}))
    WHERE id = span_id`);
}

/** Describes spans by rows of other tables. */
function describeByOthers(db: Database, rows: CopiedRows): void {
  // A join app is not retried after joining: only one try has it.
  describe(
    db,
    rows,
    sql`SELECT span_id, ${object({ joins: "task_joins" })} AS members,
        max(t.rowid)
      FROM ${rowsOf("try")} AS t ${withSpans("task")}
      WHERE ${rows.isOwn("try")} AND task_joins <> '' GROUP BY span_id`,
  );
  // Before Parsl 1.1, the row of a task describes its only try.
  const present = columnsOfTable(db, "monitoring_task").map(({ name }) => name);
  if (!present.includes("task_executor")) return;
  const { block: _, joins: __, ...details } = meanings.try!.details!;
  const known = Object.entries(details)
    .filter(([, column]) => present.includes(column));
  describe(
    db,
    rows,
    sql`SELECT span_id, ${object(Object.fromEntries(known))} AS members
      FROM ${rowsOf("task")} AS t CROSS JOIN ${spansOf("try")} AS s
        ON s.run_id = t.run_id AND s.task_id = t.task_id AND s.try_id = 0
      WHERE ${rows.isOwn("task")} AND task_executor <> '' AND row IS NULL`,
  );
}

/** Adds the exceptions in the histories of tries, as the logs have them. */
function describeFailures(db: Database, rows: CopiedRows): void {
  let last = -1;
  for (;;) {
    const failed = db.query<{ id: number; history: string }>(sql`
      SELECT span.id, attributes ->> 'fail_history' AS history
      FROM ${spansOf("try")} CROSS JOIN span ON span.id = span_id
      WHERE span_id > ${last} AND instr(attributes, '"fail_history":"')
      ORDER BY span_id LIMIT ${failuresAtOnce}`);
    if (failed.length === 0) return;
    const found = failed
      .map(({ id, history }) => [id, exceptionOf(String(history))]);
    describe(
      db,
      rows,
      sql`SELECT value ->> 0 AS span_id, value -> 1 AS members
        FROM json_each(${JSON.stringify(found)})`,
    );
    last = failed.at(-1)!.id;
  }
}

const failuresAtOnce = 5000;

/** Some exceptions show as text of their own. */
function exceptionOf(history: string): Exception {
  const found = exceptionOfRepr(history);
  const text = shortened(history);
  return found.exception === undefined && text !== ""
    ? { exception_message: text }
    : found;
}

/** Puts the spans of a kind inside their superspans. */
function nest(db: Database, kind: Kind): void {
  const superspan = outer[kind];
  if (!superspan) return;
  const key = text(sql`s.${sql.id(columns[kind].at(-1)!)}`);
  db.run(sql`INSERT OR IGNORE INTO subspan (superspan_id, subspan_id, key)
    SELECT o.span_id, s.span_id, nullif(${key}, '')
    FROM ${spansOf(kind)} AS s
    CROSS JOIN ${spansOf(superspan)} AS o USING (${keyColumns(superspan)})`);
}

/** Puts tries inside the blocks that they ran in. */
function nestInBlocks(db: Database, { isOwn }: CopiedRows): void {
  // Another source may describe the block.
  const inBlock = spanKeySql([field("run_id"), field("task_executor"), block]);
  const key = spanKeySql([text(sql`s.task_id`), text(sql`s.try_id`)]);
  db.run(sql`INSERT OR IGNORE INTO subspan (superspan_id, subspan_id, key)
    SELECT block.id, s.span_id, ${key}
    FROM ${rowsOf("try")} AS t ${withSpans("try")}
    CROSS JOIN span AS block
      ON block.type = ${typeOf("block")} AND block.key = ${inBlock}
    WHERE ${isOwn("try")} AND t.task_executor IS NOT NULL
      AND t.block_id IS NOT NULL`);
}

/** A JSON object of columns of a row. */
const object = (details: Readonly<Record<string, string>>): Sql =>
  sql`json_object(${sql.join(membersOf(details))})`;

function membersOf(
  details: Readonly<Record<string, string>>,
): (string | Sql)[] {
  return Object.entries(details)
    .flatMap(([name, column]) => [name, described(column)]);
}

/** A number or text; bytes as text. */
const plain = (value: Sql) =>
  sql`iif(typeof(${value}) = 'blob', ${text(value)}, ${value})`;

/** A column of a row as the attribute of a span. */
function described(column: string): Sql {
  const value = plain(field(column));
  switch (column) {
    case "block_id":
      return text(block);
    case "job_id":
      return text(value);
    case "task_depends":
    case "task_joins":
      // "1, 2" as ["1","2"].
      return sql`json(iif(${value} <> '', '[' || replace(replace(
        json_quote(${text(value)}), ', ', ','), ',', '","') || ']', NULL))`;
    case "task_fail_history":
      return sql`nullif(${value}, '')`;
  }
  return value;
}
