import { type Sql, sql } from "../../sql/mod.ts";
import { spanLinks } from "../events/span_links.ts";

/** Whose word {@linkcode taskDependencies} takes. */
export interface TaskDependenciesOptions {
  /**
   * Who tells: "parsl.monitoring" or "parsl.rundir". By default each task is
   * there once: as monitoring tells of it, or its parsl.log where monitoring
   * does not.
   */
  component?: string;
  /** Only those of one kind. By default both. */
  kind?: "depends" | "joins";
}

/**
 * Which tasks wait for which, as rows: the edges of the graph of tasks.
 *
 * The columns: task_id and depends_on_id, the two spans; run; task and
 * depends_on, the numbers that Parsl gives them; kind: "depends" if the task is
 * not launched before the other is done, or "joins" if it is a join app that
 * takes the result of the other for its own. depends_on_id is NULL where nobody
 * tells of the other task. In the order of task_id.
 *
 * What a join app waits for, a parsl.log tells only where it has the lines of
 * level DEBUG; of what has not ended when the log ends, nothing.
 *
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} where kind is neither "depends" nor "joins"
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { taskDependencies } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * // The tasks that most others wait for.
 * const rows = db.query(sql`
 *   SELECT depends_on, count(*) AS waiting FROM (${taskDependencies()})
 *   WHERE kind = 'depends'
 *   GROUP BY run, depends_on ORDER BY waiting DESC, depends_on LIMIT 1`);
 * assert.deepEqual([...rows], [{ depends_on: "0", waiting: 2 }]);
 * ```
 */
export function taskDependencies(
  { component, kind }: TaskDependenciesOptions = {},
): Sql {
  if (kind !== undefined && !kinds.includes(kind)) {
    throw new TypeError(`kind is "depends" or "joins", not "${kind}"`);
  }
  const types = component === undefined ? [monitoring, rundir] : [
    `${component}.task`,
  ];
  const links = (kind === undefined ? kinds : [kind]).map((kind) =>
    sql`SELECT *, ${kind} AS kind FROM (${spanLinks(types, kind)})`
  );
  const isTold = component === undefined
    ? sql`WHERE task.type = ${monitoring} OR NOT EXISTS (
    SELECT 1 FROM facet JOIN span AS told ON told.id = facet.left_id
    WHERE facet.right_id = task.id AND told.type = ${monitoring})`
    : sql``;
  return sql`SELECT task.id AS task_id, link.listed_id AS depends_on_id,
  task.attributes ->> 'run' AS run, task.attributes ->> 'task' AS task,
  link.listed AS depends_on, link.kind
FROM (${sql.join(links, " UNION ALL ")}) AS link
  JOIN span AS task ON task.id = link.span_id
${isTold}
ORDER BY task_id, kind, depends_on_id`;
}

const monitoring = "parsl.monitoring.task";
const rundir = "parsl.rundir.task";
const kinds = ["depends", "joins"] as const;
