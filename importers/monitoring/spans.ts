import { type Database, type Sql, sql } from "../../sql/mod.ts";
import { spanKeySql } from "../identity.ts";
import type { CopiedTable } from "./copy.ts";
import { columnsOf } from "./tables.ts";

/** What the spans of one source are made from. */
export interface SpanSource {
  sourceId: number;
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  tables: readonly CopiedTable[];
}

/**
 * Makes spans, their nesting, events and metrics from the rows of one source
 * in the monitoring_ tables. All of it is done within the database, by SQL.
 */
export function makeMonitoringSpans(db: Database, source: SpanSource): void {
  const columns = new Set(
    ["task", "node", "resource"].flatMap((table) =>
      columnsOf(db, `monitoring_${table}`).map(({ name }) => `${table}.${name}`)
    ),
  );
  const statements = [
    ...spanStatements(source, columns),
    ...subspanStatements(source),
    ...eventStatements(source, columns),
  ];
  for (const statement of statements) db.run(statement);
  makeMetrics(db, source, columns);
}

const text = (column: string) => sql`CAST(${sql.id(column)} AS TEXT)`;
const run = text("run_id");
const task = text("task_id");
// Parsl before 1.1 does not count tries: what it tells is of the first.
const tryId = sql`CAST(ifnull(try_id, 0) AS TEXT)`;
// Some sources say "block-0", some "0".
const block = sql`CASE WHEN CAST(block_id AS TEXT) LIKE 'block-%'
  THEN substr(block_id, 7) ELSE CAST(block_id AS TEXT) END`;

/** The kinds of spans: what identifies one, and what a row needs for it. */
const kinds = {
  workflow: { key: spanKeySql([run]), needs: ["run_id"] },
  task: { key: spanKeySql([run, task]), needs: ["run_id", "task_id"] },
  try: { key: spanKeySql([run, task, tryId]), needs: ["run_id", "task_id"] },
  block: {
    key: spanKeySql([run, text("executor_label"), block]),
    needs: ["run_id", "executor_label", "block_id"],
  },
  node: {
    key: spanKeySql([run, text("hostname"), text("uid")]),
    needs: ["run_id", "hostname"],
  },
};

type Kind = keyof typeof kinds;

const typeOf = (kind: Kind) => `parsl.monitoring.${kind}`;

const isThere = (kind: Kind) =>
  sql.join(
    kinds[kind].needs.map((column) => sql`${sql.id(column)} IS NOT NULL`),
    " AND ",
  );

/** "1,2" as the JSON array ["1","2"], whatever the text holds. */
const list = (column: string) =>
  sql`json(CASE WHEN ${sql.id(column)} <> '' THEN '[' ||
    replace(replace(json_quote(${text(column)}), ', ', ','), ',', '","') || ']'
    END)`;

/**
 * One statement for each table and each kind of span that its rows name: a row
 * of status alone is enough for a try, and a try for its task. A later
 * statement adds to what the ones before it knew.
 */
function spanStatements(
  { sourceId, attributes }: SpanSource,
  columns: ReadonlySet<string>,
): Sql[] {
  const spans = (kind: Kind, table: string, known: Record<string, Sql>) => {
    const members = Object.entries(known)
      .flatMap(([name, value]) => [sql`${name}`, value]);
    // A patch leaves out what is NULL.
    return sql`
      INSERT INTO span (type, key, attributes, source_id)
      SELECT ${typeOf(kind)}, ${kinds[kind].key},
        json_patch(${attributes},
          json_patch('{}', json_object(${sql.join(members)}))),
        ${sourceId}
      FROM ${sql.id(`monitoring_${table}`)}
      WHERE source_id = ${sourceId} AND ${isThere(kind)}
      GROUP BY ${kinds[kind].key}
      ON CONFLICT (type, key) DO UPDATE
      SET attributes = json_patch(attributes, excluded.attributes)
      WHERE json_patch(attributes, excluded.attributes) <> attributes`;
  };
  const ofTry = { run, task, try: tryId };
  const statements = [
    ...["block", "node", "resource", "status", "try", "task"].map((table) =>
      spans("workflow", table, { run })
    ),
    ...["resource", "status", "try"].map((table) =>
      spans("task", table, { run, task })
    ),
    ...["resource", "status"].map((table) => spans("try", table, ofTry)),
    spans("workflow", "workflow", {
      run,
      name: sql`workflow_name`,
      version: sql`workflow_version`,
      host: sql`host`,
      user: sql`user`,
      directory: sql`rundir`,
      tasks_failed: sql`tasks_failed_count`,
      tasks_completed: sql`tasks_completed_count`,
    }),
    spans("task", "task", {
      run,
      task,
      app: sql`task_func_name`,
      depends: list("task_depends"),
      memoize: sql`task_memoize`,
      hashsum: sql`task_hashsum`,
      fail_count: sql`task_fail_count`,
      fail_cost: sql`task_fail_cost`,
    }),
    spans("try", "try", {
      ...ofTry,
      executor: sql`task_executor`,
      block,
      hostname: sql`hostname`,
      joins: list("task_joins"),
      fail_history: sql`nullif(task_fail_history, '')`,
    }),
    spans("block", "block", {
      run,
      executor: text("executor_label"),
      block,
      job: text("job_id"),
    }),
    spans("node", "node", {
      run,
      hostname: sql`hostname`,
      manager: text("uid"),
      block,
      cpu_count: sql`cpu_count`,
      total_memory: sql`total_memory`,
      python_version: sql`python_v`,
      workers: sql`worker_count`,
    }),
  ];
  if (columns.has("task.task_executor")) {
    // Parsl before 1.1 has no table of tries: the task says where it ran.
    const ofFirst = spanKeySql([run, task, sql`'0'`]);
    const hostname = columns.has("task.hostname")
      ? sql`monitoring_task.hostname`
      : sql`NULL`;
    statements.push(sql`
      UPDATE span SET attributes = json_patch(attributes,
        json_patch('{}', json_object('executor', task_executor,
          'hostname', nullif(${hostname}, ''))))
      FROM monitoring_task
      WHERE span.type = ${typeOf("try")} AND span.key = ${ofFirst}
        AND monitoring_task.source_id = ${sourceId}
        AND task_executor IS NOT NULL`);
  }
  return statements;
}

/** What is inside of what, as the rows say. */
function subspanStatements({ sourceId }: SpanSource): Sql[] {
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
    FROM ${sql.id(`monitoring_${table}`)} AS told
    JOIN span AS outside
      ON outside.type = ${typeOf(outer)} AND outside.key = ${outerKey}
    JOIN span AS inside
      ON inside.type = ${typeOf(inner)} AND inside.key = ${kinds[inner].key}
    WHERE told.source_id = ${sourceId} AND ${isThere(inner)}`;
  return [
    ...["task", "try", "status", "resource"].map((table) =>
      subspans("workflow", "task", table, task)
    ),
    ...["try", "status", "resource"].map((table) =>
      subspans("task", "try", table, tryId)
    ),
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

/** What happened to the spans, and when. */
function eventStatements(
  { sourceId, tables }: SpanSource,
  columns: ReadonlySet<string>,
): Sql[] {
  const events = (
    kind: Kind,
    table: string,
    { type, time, where }: { type: Sql; time: Sql; where: Sql },
    rows = sql.id(`monitoring_${table}`),
  ) =>
    sql`
    INSERT INTO event
      (span_id, time, type, named, attributes, source_id, line)
    SELECT span.id, ${time}, ${type}, 1,
      ${JSON.stringify({ table })}, ${sourceId}, told.row - ${
      offsetOf(tables, table)
    }
    FROM (SELECT *, rowid AS row FROM ${rows}
          WHERE source_id = ${sourceId}) AS told
    JOIN span
      ON span.type = ${typeOf(kind)} AND span.key = ${kinds[kind].key}
    WHERE ${isThere(kind)} AND ${where}
    ORDER BY told.row`;
  // A time that is there and cannot be read makes an event without a time.
  const at = (type: string, column: string) => ({
    type: sql`${type}`,
    time: sql.id(`${column}_unix`),
    where: sql`${sql.id(column)} IS NOT NULL`,
  });
  const each = (type: string) => ({
    type: sql.id(type),
    time: sql`timestamp_unix`,
    where: sql`${sql.id(type)} IS NOT NULL`,
  });
  const statements = [
    events("workflow", "workflow", at("began", "time_began")),
    events("workflow", "workflow", at("completed", "time_completed")),
    events("task", "task", at("invoked", "task_time_invoked")),
    events("task", "task", at("returned", "task_time_returned")),
    events("try", "status", each("task_status_name")),
    events("block", "block", each("status")),
    events("node", "node", {
      type: sql`CASE WHEN active THEN 'active' ELSE 'inactive' END`,
      time: columns.has("node.reg_time_unix")
        ? sql`coalesce(timestamp_unix, reg_time_unix)`
        : sql`timestamp_unix`,
      where: sql`is_change`,
    }, nodeChanges),
  ];
  if (columns.has("task.task_time_submitted")) {
    // As Parsl before 1.1 calls it.
    statements.push(
      events("task", "task", at("invoked", "task_time_submitted")),
    );
  }
  return statements;
}

/**
 * Managers report several times a second, mostly that nothing changed: an
 * event is the first report, and each that differs from the one before it.
 */
const nodeChanges = sql`(
  SELECT *, rowid, reported IS NOT lag(reported) OVER (
    PARTITION BY source_id, run_id, hostname, uid
    ORDER BY timestamp_unix, rowid
  ) AS is_change
  FROM (
    SELECT *, rowid, json_array(
      active, worker_count, cpu_count, total_memory, block_id
    ) AS reported
    FROM monitoring_node))`;

const notMeasured = new Set(["try_id", "task_id", "psutil_process_pid"]);

/** Each number of a sample becomes a metric of its try. */
function makeMetrics(
  db: Database,
  { sourceId, tables }: SpanSource,
  columns: ReadonlySet<string>,
): void {
  // The spans are looked up once for a sample and not for each of its numbers.
  db.exec("CREATE TEMP TABLE sampled_try (row INTEGER PRIMARY KEY, span_id)");
  db.run(sql`
    INSERT INTO sampled_try
    SELECT told.rowid, span.id FROM monitoring_resource AS told
    JOIN span
      ON span.type = ${typeOf("try")} AND span.key = ${kinds.try.key}
    WHERE told.source_id = ${sourceId} AND ${isThere("try")}`);
  for (const column of columns) {
    const [table, name] = column.split(".", 2) as [string, string];
    if (table !== "resource" || !/^psutil_/.test(name)) continue;
    if (notMeasured.has(name)) continue;
    db.run(sql`
      INSERT INTO metric (span_id, time, metric, name, value, source_id, line)
      SELECT span_id, timestamp_unix, 'resource', ${name},
        ${sql.id(name)}, ${sourceId}, row - ${offsetOf(tables, "resource")}
      FROM sampled_try JOIN monitoring_resource AS told ON told.rowid = row
      WHERE typeof(${sql.id(name)}) IN ('integer', 'real')
      ORDER BY row`);
  }
  db.exec("DROP TABLE sampled_try");
}

const offsetOf = (tables: readonly CopiedTable[], table: string) =>
  tables.find(({ name }) => name === table)?.offset ?? 0;
