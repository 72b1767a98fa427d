import { createSchema, type Database } from "../../sql/mod.ts";
import { hasTable } from "./has_table.ts";

// Updating these takes several times as long as creating them after all rows.
const indexes = ["event_span_time", "event_type_time", "metric_span_name_time"];

/** Databases whose indexes an import has dropped. */
const without = new WeakSet<Database>();

/** Creates missing tables, and indexes unless they are deferred. */
export function prepareTables(db: Database): void {
  // The transaction that dropped them may have been rolled back.
  if (!without.has(db) || !hasTable(db, "event")) createSchema(db);
}

/**
 * Drops the indexes of events and metrics before reading a source with at least
 * a third as many rows as there are, until `restoreIndexes`. After a killed
 * import the next one creates them.
 *
 * @param bytes size of the source
 */
export function deferIndexes(db: Database, bytes: number): void {
  const expected = bytes / bytesOfRow;
  if (expected < fewRows) return;
  const [row] = db.query<{ rows: number }>(
    `SELECT ifnull((SELECT max(id) FROM event_row), 0) +
       ifnull((SELECT max(id) FROM metric_row), 0) AS rows`,
  );
  if (row!.rows > 3 * expected) return;
  without.add(db);
  for (const name of indexes) db.exec(`DROP INDEX IF EXISTS ${name}`);
}

// Bytes of a line; most lines make a row.
const bytesOfRow = 200;
const fewRows = 10_000;

/** Creates the deferred indexes. */
export function restoreIndexes(db: Database): void {
  if (!without.delete(db)) return;
  if (hasTable(db, "event")) createSchema(db);
}
