import { type Database, sql, taskCounts } from "../../sql/mod.ts";
import { hasSources } from "../store/sources.ts";
import type { DatabaseContents } from "./report.ts";

/** Counts what a database holds. */
export function contentsOf(db: Database): DatabaseContents {
  if (!hasSources(db)) {
    return { runs: 0, unfinishedRuns: 0, tasks: 0, failed: 0, sources: 0 };
  }
  const [contents] = db.query<DatabaseContents>(sql`
    WITH counts AS MATERIALIZED (${taskCounts})
    SELECT count(*) AS runs, ifnull(sum(ended IS NULL), 0) AS unfinishedRuns,
      (SELECT count(*) FROM source) AS sources,
      (SELECT ifnull(sum(tasks), 0) FROM counts) AS tasks,
      (SELECT ifnull(sum(failed), 0) FROM counts) AS failed
    FROM run`);
  return { ...contents! };
}
