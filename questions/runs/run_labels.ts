import { type Database, spanSql as sql } from "../../sql/mod.ts";

/**
 * The label of each run, such as "000", by its id and by its directory. A run
 * that no log describes has none.
 */
export function runLabels(db: Database): Map<string | null, string> {
  const runs = db.query<Record<"run_id" | "rundir" | "label", string>>(
    sql`SELECT run_id, rundir, label FROM run JOIN run_label USING (id)`,
  );
  return new Map(
    runs.flatMap(({ run_id, rundir, label }) => [
      [run_id, label],
      [rundir, label],
    ]),
  );
}
