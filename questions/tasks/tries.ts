import { type Sql, sql } from "../../sql/mod.ts";

/**
 * The ids of all tries, each once whoever tells of it: what is inside of a try
 * hangs on the account of parsl.log, where there is one.
 */
export const tries: Sql =
  sql`SELECT id FROM span WHERE type = 'parsl.rundir.try'
  UNION ALL
  SELECT id FROM span WHERE type = 'parsl.monitoring.try' AND NOT EXISTS (
    SELECT 1 FROM facet JOIN span AS told ON told.id = right_id
    WHERE left_id = span.id AND told.type = 'parsl.rundir.try')`;
