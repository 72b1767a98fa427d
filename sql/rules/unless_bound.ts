import type { Database } from "../database.ts";
import { changesOf } from "../materialized.ts";
import type { BindReport } from "./report.ts";

/** The last result for each database, and the state that it left behind. */
const last = new WeakMap<Database, { state: string; report: BindReport }>();

/** Number of results, for marks in the databases. */
let count = 0;

/**
 * Binds, unless nothing was written to the database since the same rules bound
 * it last, by this program or another: then the result is still right.
 *
 * @param rules the texts of the rules
 */
export function unlessBound(
  db: Database,
  rules: readonly string[],
  work: () => BindReport,
): BindReport {
  const before = last.get(db);
  if (before?.state === stateOf(db, rules)) return before.report;
  const report = work();
  // A rollback counts no changes, and takes back this mark. The database of
  // temporary tables is never written to the file.
  db.exec(`PRAGMA temp.user_version = ${++count}`);
  last.set(db, { state: stateOf(db, rules), report });
  return report;
}

/** Differs after any change of rows or tables, and after a rollback. */
const stateOf = (db: Database, rules: readonly string[]): string =>
  JSON.stringify([
    rules,
    changesOf(db),
    db.query("PRAGMA temp.user_version"),
  ]);
