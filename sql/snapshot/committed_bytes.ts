import { applyRollbackJournal } from "./rollback_journal.ts";
import { applyWriteAheadLog } from "./write_ahead_log.ts";

/** What lay beside a database file, as bytes. */
export interface BesideDatabase {
  /** Of the write-ahead log, whose name ends in -wal. */
  log?: Uint8Array | undefined;
  /** Of the rollback journal, whose name ends in -journal. */
  journal?: Uint8Array | undefined;
}

/**
 * What was committed of a database whose files were copied while a program was
 * writing to it, as into a tarball: what lies in its write-ahead log is added,
 * and what was left half done is undone. `openDatabase` takes the bytes.
 *
 * @param main the bytes of the database file; they may be changed
 *
 * @example
 * ```ts
 * import { committedBytes, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const main = Deno.readFileSync("tests/fixtures/wq/runinfo/monitoring.db");
 * using db = await openDatabase(committedBytes(main, {}), { readOnly: true });
 * const [row] = db.query("SELECT count(*) AS tasks FROM task");
 * assert.equal(row?.tasks, 104);
 * ```
 */
export function committedBytes(
  main: Uint8Array,
  { log, journal }: BesideDatabase,
): Uint8Array {
  const whole = log ? applyWriteAheadLog(main, log) : main;
  return journal ? applyRollbackJournal(whole, journal) : whole;
}
