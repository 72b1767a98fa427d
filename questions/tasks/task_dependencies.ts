import { checkOptions } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { inRun, joinRuns, ofRun } from "../runs/find_run.ts";
import { spanLinks } from "../events/span_links.ts";
import taskDependenciesText from "./task_dependencies.sql" with {
  type: "text",
};

/** Selects the edges of {@linkcode taskDependencies}. */
export interface TaskDependenciesOptions {
  /**
   * The component that reports them: "parsl.monitoring" or "parsl.rundir". By
   * default each task appears once: from monitoring, or else from its
   * parsl.log.
   */
  component?: string;
  /** Only dependencies of one kind. By default both kinds. */
  kind?: "depends" | "joins";
  /**
   * Only tasks of this run: its label ("000"), its id, its directory, or a unique
   * part of these. By default of all runs.
   */
  run?: string | undefined;
}

/**
 * Lists the dependencies between tasks: the edges of the task graph.
 *
 * The columns: task_id and depends_on_id, the two spans; run; task and
 * depends_on, Parsl's numbers of the tasks; kind: "depends" if the task is
 * launched only when the other is done, or "joins" if it is a join app that
 * returns the result of the other as its own. depends_on_id is NULL if the
 * other task is unknown. In the order of task_id.
 *
 * A parsl.log lists the tasks that a join app waits for only at level DEBUG,
 * and only if the join app ended before the log did.
 *
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} if kind is neither "depends" nor "joins"
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
export function taskDependencies(options: TaskDependenciesOptions = {}): Sql {
  checkOptions("taskDependencies", options, {
    component: true,
    kind: true,
    run: true,
  });
  const { component, kind, run } = options;
  if (kind !== undefined && !kinds.includes(kind)) {
    throw new TypeError(`kind is "depends" or "joins", not "${kind}"`);
  }
  const types = component === undefined
    ? ["parsl.monitoring.task", "parsl.rundir.task"]
    : [`${component}.task`];
  const links = (kind === undefined ? kinds : [kind]).map((kind) =>
    sql`SELECT *, ${kind} AS kind FROM (${spanLinks(types, kind)})`
  );
  const edges = sql.module(taskDependenciesText, {
    links: sql.join(links, " UNION ALL "),
    join_runs: joinRuns(sql`span.id`),
    is_wanted: inRun(run),
    is_once: component === undefined,
  });
  return ofRun(edges, run);
}

const kinds = ["depends", "joins"] as const;

/** An edge of the graph of tasks. */
export interface Edge {
  task: string;
  depends_on: string;
  kind: "depends" | "joins";
}

/** A query of the edges of each run, or of one. */
export const edgesQuery = (run: string | undefined): Sql => {
  const isRun = run === undefined
    ? sql`1 = 1`
    : sql`${run} IN (span.attributes ->> 'run', span.attributes ->> 'rundir')`;
  return sql`
    SELECT coalesce(span.attributes ->> 'run', span.attributes ->> 'rundir')
        AS run, edge.task, depends_on, kind
    FROM (${taskDependencies()}) AS edge JOIN span ON span.id = edge.task_id
    WHERE edge.task IS NOT NULL AND ${isRun}
      AND coalesce(span.attributes ->> 'run', span.attributes ->> 'rundir')
        IS NOT NULL`;
};

/** Reads the edges of each run; some runs and tasks are known from them alone. */
export function edgesOfRuns(
  db: Database,
  run: string | undefined,
): Map<string, Edge[]> {
  const rows = db.query<Edge & { run: string }>(edgesQuery(run));
  rows.sort((a, b) =>
    compare(a.task, b.task) || compare(a.depends_on, b.depends_on)
  );
  return Map.groupBy(rows, ({ run }) => run);
}

const { compare } = new Intl.Collator("en", { numeric: true });
