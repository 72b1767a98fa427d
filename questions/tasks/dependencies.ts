import { type Database, sql } from "../../sql/mod.ts";
import { taskDependencies } from "./task_dependencies.ts";

/** What one task of a run waits for: the numbers of the others. */
export interface Dependencies {
  depends: string[];
  joins: string[];
}

/** An edge of the graph of tasks. */
export interface Edge {
  task: string;
  depends_on: string;
  kind: "depends" | "joins";
}

/** The edges of each run. Both runs and tasks may be unknown otherwise. */
export function edgesOfRuns(
  db: Database,
  run: string | undefined,
): Map<string, Edge[]> {
  const rows = db.query<Edge & { run: string }>(sql`
    SELECT ifnull(edge.run, span.attributes ->> '$.rundir') AS run,
      edge.task, depends_on, kind
    FROM (${taskDependencies()}) AS edge JOIN span ON span.id = edge.task_id
    WHERE edge.task IS NOT NULL ${
    run === undefined
      ? sql``
      : sql`AND ${run} IN (edge.run, span.attributes ->> '$.rundir')`
  }
      AND coalesce(edge.run, span.attributes ->> '$.rundir') IS NOT NULL`);
  rows.sort((a, b) =>
    compare(a.task, b.task) || compare(a.depends_on, b.depends_on)
  );
  return Map.groupBy(rows, ({ run }) => run);
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** What each task waits for, by its number. */
export function dependenciesOf(
  edges: readonly Edge[],
): Map<string, Dependencies> {
  const found = new Map<string, Dependencies>();
  for (const { task, depends_on, kind } of edges) {
    const one = found.get(task) ?? { depends: [], joins: [] };
    one[kind].push(depends_on);
    found.set(task, one);
  }
  return found;
}
