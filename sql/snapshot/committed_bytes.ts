import { applyRollbackJournal } from "./rollback_journal.ts";
import { applyWriteAheadLog } from "./write_ahead_log.ts";

/** The files beside a database file, as bytes. */
export interface BesideDatabase {
  /** The write-ahead log, whose name ends in -wal. */
  log?: Uint8Array | undefined;
  /** The rollback journal, whose name ends in -journal. */
  journal?: Uint8Array | undefined;
}

/**
 * The committed state of a database whose files were copied while a program was
 * writing to it, for example into a tarball: it applies the write-ahead log, and
 * rolls back an unfinished transaction. `openDatabase` takes the bytes.
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
