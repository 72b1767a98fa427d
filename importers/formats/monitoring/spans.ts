import { type Database, type Sql, sql } from "../../../sql/mod.ts";
import { spanKeySql } from "../../../sql/mod.ts";
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
import { isOf, type SpanSource } from "./copy.ts";
import { addNames, findNamed, isCalled, namesOf } from "./names.ts";
import { hasColumn } from "./tables.ts";

/**
 * Makes spans and their nesting from the rows of one source in the monitoring_
 * tables, in SQL. Requires `collectNames`.
 */
export function makeSpans(db: Database, source: SpanSource): void {
  for (const statement of spanStatements(source)) db.run(statement);
  for (const statement of oldTries(db, source)) db.run(statement);
  for (const kind of Object.keys(kinds) as Kind[]) findNamed(db, kind);
  nest(db);
  placeTries(db, source);
}

/** A number or text for JSON; bytes become text. */
const plain = (column: string) =>
  sql`CASE typeof(${sql.id(column)}) WHEN 'blob' THEN ${text(column)}
    ELSE ${sql.id(column)} END`;

/** "1,2" as the JSON array ["1","2"], for any text. */
const list = (column: string) =>
  sql`json(CASE WHEN ${sql.id(column)} <> '' THEN '[' ||
    replace(replace(json_quote(${text(column)}), ', ', ','), ',', '","') || ']'
    END)`;

/**
 * One statement per table and kind of span that its rows name. Later statements
 * add attributes to the spans of earlier ones.
 */
function spanStatements(source: SpanSource): Sql[] {
  const spans = (kind: Kind, known: Record<string, Sql>, rows: Sql) => {
    const members = Object.entries(known)
      .flatMap(([name, value]) => [sql`${name}`, value]);
    // The patch drops NULLs.
    const told = sql`json_patch('{}', json_object(${sql.join(members)}))`;
    const attributes = source.attributes === "{}"
      ? told
      : sql`json_patch(${source.attributes}, ${told})`;
    return sql`
      INSERT INTO span (type, key, attributes, source_id)
      SELECT ${typeOf(kind)}, ${kinds[kind].key}, ${attributes},
        ${source.sourceId}
      FROM ${rows}
      ON CONFLICT (type, key) DO UPDATE
      SET attributes = json_patch(attributes, excluded.attributes),
        source_id = iif(source_id < 0, excluded.source_id, source_id)
      WHERE source_id < 0
        OR json_patch(attributes, excluded.attributes) <> attributes`;
  };
  const inTable = (kind: Kind) =>
    sql`${sql.id(`monitoring_${kind}`)} AS told WHERE ${
      isOf(source, kind)
    } AND ${isThere(kind)}`;
  const known = (kind: Kind, attributes: Record<string, Sql>) =>
    spans(kind, attributes, inTable(kind));
  // Blocks and managers have a row per change or report.
  const knownOften = (kind: Kind, attributes: Record<string, Sql>) =>
    spans(
      kind,
      attributes,
      sql`${inTable(kind)} GROUP BY ${kinds[kind].key}`,
    );
  // Without a row of its own, a span has only its identity.
  const named = (kind: Kind, attributes: Record<string, Sql>) =>
    spans(kind, attributes, sql`${namesOf(kind)} WHERE NOT has_row`);
  const ofTry = { run, task, try: tryId };
  return [
    named("workflow", { run }),
    named("task", { run, task }),
    named("try", ofTry),
    known("workflow", {
      run,
      name: plain("workflow_name"),
      version: plain("workflow_version"),
      host: plain("host"),
      user: plain("user"),
      directory: plain("rundir"),
      tasks_failed: plain("tasks_failed_count"),
      tasks_completed: plain("tasks_completed_count"),
    }),
    known("task", {
      run,
      task,
      app: plain("task_func_name"),
      depends: list("task_depends"),
      memoize: plain("task_memoize"),
      hashsum: plain("task_hashsum"),
      fail_count: plain("task_fail_count"),
      fail_cost: plain("task_fail_cost"),
    }),
    known("try", {
      ...ofTry,
      executor: plain("task_executor"),
      block,
      hostname: plain("hostname"),
      joins: list("task_joins"),
      fail_history: sql`nullif(${plain("task_fail_history")}, '')`,
    }),
    // A join app is not retried after joining: only one try has it.
    spans(
      "task",
      { run, task, joins: list("task_joins") },
      sql`${inTable("try")} AND task_joins <> ''`,
    ),
    knownOften("block", {
      run,
      executor: text("executor_label"),
      block,
      job: text("job_id"),
    }),
    knownOften("node", {
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

/** Parsl before 1.1 has no table of tries; the task has the executor. */
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

/** Nests spans. */
function nest(db: Database): void {
  const subspans = (outer: Kind, inner: Kind, key: Sql) =>
    db.run(sql`
      INSERT OR IGNORE INTO subspan (superspan_id, subspan_id, key)
      SELECT named.span_id, told.span_id, ${key}
      FROM ${namesOf(inner)} AS told
      JOIN ${namesOf(outer)} AS named ON ${isCalled(outer)}`);
  subspans("workflow", "task", task);
  subspans("task", "try", tryId);
  subspans("workflow", "block", block);
  subspans("workflow", "node", sql`nullif(${text("uid")}, '')`);
}

/** Nests tries in the blocks that they ran in. */
function placeTries(db: Database, source: SpanSource): void {
  const places = sql`(
    SELECT run_id, task_id, try_id, block_id, task_executor AS executor_label
    FROM monitoring_try AS told WHERE ${isOf(source, "try")}) AS told`;
  addNames(db, "block", sql`${places} WHERE TRUE`);
  findNamed(db, "block");
  db.run(sql`
    INSERT OR IGNORE INTO subspan (superspan_id, subspan_id, key)
    SELECT named.span_id, inside.span_id, ${
    spanKeySql([
      sql`CAST(inside.task_id AS TEXT)`,
      sql`CAST(inside.try_id AS TEXT)`,
    ])
  }
    FROM ${places}
    JOIN ${namesOf("block")} AS named ON ${isCalled("block")}
    JOIN ${namesOf("try")} AS inside ON ${isCalled("try", "inside")}
    WHERE named.span_id IS NOT NULL`);
}
