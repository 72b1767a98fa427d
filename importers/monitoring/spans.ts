import { type Database, type Sql, sql } from "../../sql/mod.ts";
import { spanKeySql } from "../identity.ts";
import {
  block,
  isThere,
  type Kind,
  kinds,
  run,
  task,
  text,
  tryId,
  typeOf,
} from "./kinds.ts";
import { isOf, type SpanSource } from "./source.ts";
import { hasColumn } from "./tables.ts";

/**
 * Makes spans and their nesting from the rows of one source in the monitoring_
 * tables. All of it is done within the database, by SQL.
 */
export function makeSpans(db: Database, source: SpanSource): void {
  collectTries(db, source);
  const statements = [
    ...spanStatements(source),
    ...oldTries(db, source),
    ...subspanStatements(source),
  ];
  for (const statement of statements) db.run(statement);
  db.exec(`DROP TABLE ${toldTry}`);
}

const toldTry = "told_try";

/**
 * The tries that any row names, each once: a row of status alone is enough for
 * a try, and a try for its task.
 */
function collectTries(db: Database, source: SpanSource): void {
  const tables = ["try", "status", "resource"].map((table) =>
    sql`SELECT run_id, task_id, try_id, source_id
        FROM ${sql.id(`monitoring_${table}`)} AS told
        WHERE ${isOf(source, table)} AND ${isThere("try")}`
  );
  db.run(
    sql`CREATE TEMP TABLE ${sql.id(toldTry)} AS ${sql.join(tables, " UNION ")}`,
  );
}

const tableOf = (name: string) =>
  sql.id(name === toldTry ? name : `monitoring_${name}`);

/** A number or text, as JSON takes it; bytes are taken for text. */
const plain = (column: string) =>
  sql`CASE typeof(${sql.id(column)}) WHEN 'blob' THEN ${text(column)}
    ELSE ${sql.id(column)} END`;

/** "1,2" as the JSON array ["1","2"], whatever the text holds. */
const list = (column: string) =>
  sql`json(CASE WHEN ${sql.id(column)} <> '' THEN '[' ||
    replace(replace(json_quote(${text(column)}), ', ', ','), ',', '","') || ']'
    END)`;

/**
 * One statement for each table and each kind of span that its rows name. A
 * later statement adds to what the ones before it knew.
 */
function spanStatements(source: SpanSource): Sql[] {
  const spans = (
    kind: Kind,
    table: string,
    known: Record<string, Sql>,
    where = sql`TRUE`,
  ) => {
    const members = Object.entries(known)
      .flatMap(([name, value]) => [sql`${name}`, value]);
    // A patch leaves out what is NULL.
    return sql`
      INSERT INTO span (type, key, attributes, source_id)
      SELECT ${typeOf(kind)}, ${kinds[kind].key},
        json_patch(${source.attributes},
          json_patch('{}', json_object(${sql.join(members)}))),
        source_id
      FROM ${tableOf(table)} AS told
      WHERE ${isOf(source, table)} AND ${isThere(kind)} AND ${where}
      GROUP BY ${kinds[kind].key}
      ON CONFLICT (type, key) DO UPDATE
      SET attributes = json_patch(attributes, excluded.attributes),
        source_id = iif(source_id < 0, excluded.source_id, source_id)
      WHERE source_id < 0
        OR json_patch(attributes, excluded.attributes) <> attributes`;
  };
  const ofTry = { run, task, try: tryId };
  return [
    ...["block", "node", "task", toldTry]
      .map((table) => spans("workflow", table, { run })),
    spans("task", toldTry, { run, task }),
    spans("try", toldTry, ofTry),
    spans("workflow", "workflow", {
      run,
      name: plain("workflow_name"),
      version: plain("workflow_version"),
      host: plain("host"),
      user: plain("user"),
      directory: plain("rundir"),
      tasks_failed: plain("tasks_failed_count"),
      tasks_completed: plain("tasks_completed_count"),
    }),
    spans("task", "task", {
      run,
      task,
      app: plain("task_func_name"),
      depends: list("task_depends"),
      memoize: plain("task_memoize"),
      hashsum: plain("task_hashsum"),
      fail_count: plain("task_fail_count"),
      fail_cost: plain("task_fail_cost"),
    }),
    spans("try", "try", {
      ...ofTry,
      executor: plain("task_executor"),
      block,
      hostname: plain("hostname"),
      joins: list("task_joins"),
      fail_history: sql`nullif(${plain("task_fail_history")}, '')`,
    }),
    // A join app is not tried again once it has joined: one try says so.
    spans(
      "task",
      "try",
      { run, task, joins: list("task_joins") },
      sql`task_joins <> ''`,
    ),
    spans("block", "block", {
      run,
      executor: text("executor_label"),
      block,
      job: text("job_id"),
    }),
    spans("node", "node", {
      run,
      hostname: text("hostname"),
      manager: text("uid"),
      block,
      cpu_count: plain("cpu_count"),
      total_memory: plain("total_memory"),
      python_version: plain("python_v"),
      workers: plain("worker_count"),
    }),
  ];
}

/** Parsl before 1.1 has no table of tries: the task says where it ran. */
function oldTries(db: Database, source: SpanSource): Sql[] {
  if (!hasColumn(db, "monitoring_task", "task_executor")) return [];
  const where = ["task_executor", "hostname", "task_fail_history"];
  const [executor, hostname, failHistory] = where.map((column) =>
    hasColumn(db, "monitoring_task", column)
      ? sql`nullif(${plain(column)}, '')`
      : sql`NULL`
  );
  return [sql`
    UPDATE span SET attributes = json_patch(span.attributes, told.attributes)
    FROM (
      SELECT ${spanKeySql([run, task, sql`'0'`])} AS key,
        json_patch('{}', json_object('executor', ${executor!},
          'hostname', ${hostname!}, 'fail_history', ${failHistory!})
        ) AS attributes
      FROM monitoring_task AS told
      WHERE ${isOf(source, "task")} AND task_executor IS NOT NULL
    ) AS told
    WHERE span.type = ${typeOf("try")} AND span.key = told.key`];
}

/** What is inside of what, as the rows say. */
function subspanStatements(source: SpanSource): Sql[] {
  const subspans = (
    outer: Kind,
    inner: Kind,
    table: string,
    key: Sql,
    outerKey = kinds[outer].key,
  ) =>
    sql`
    INSERT OR IGNORE INTO subspan (superspan_id, subspan_id, key)
    SELECT DISTINCT outside.id, inside.id, ${key}
    FROM ${tableOf(table)} AS told
    JOIN span AS outside
      ON outside.type = ${typeOf(outer)} AND outside.key = ${outerKey}
    JOIN span AS inside
      ON inside.type = ${typeOf(inner)} AND inside.key = ${kinds[inner].key}
    WHERE ${isOf(source, table)} AND ${isThere(inner)}`;
  return [
    subspans("workflow", "task", "task", task),
    subspans("workflow", "task", toldTry, task),
    subspans("task", "try", toldTry, tryId),
    subspans("workflow", "block", "block", block),
    subspans("workflow", "node", "node", text("uid")),
    // A try knows the executor and the block that it ran in.
    subspans(
      "block",
      "try",
      "try",
      spanKeySql([task, tryId]),
      spanKeySql([run, text("task_executor"), block]),
    ),
  ];
}
