import { createSchema, type Database } from "../../sql/mod.ts";

// To keep these up to date takes several times as long as to make them once
// all rows are there.
const indexes = ["event_span_time", "event_type_time", "metric_span_name_time"];

/** Databases that an import has taken indexes from. */
const without = new WeakSet<Database>();

/** Makes the tables ready for an import, but for the indexes that wait. */
export function prepareTables(db: Database): void {
  // The transaction that took the indexes may have been undone.
  if (!without.has(db) || !hasEvents(db)) createSchema(db);
}

/**
 * Takes the indexes of events and metrics away before a source is read that
 * has at least a third as many rows as there are, until `restoreIndexes` is
 * called. After an import that is killed before that the next one makes them.
 *
 * @param bytes how large the source is
 */
export function deferIndexes(db: Database, bytes: number): void {
  const expected = bytes / bytesOfRow;
  if (expected < fewRows) return;
  const [row] = db.query<{ rows: number }>(
    `SELECT ifnull((SELECT max(id) FROM event), 0) +
       ifnull((SELECT max(rowid) FROM metric), 0) AS rows`,
  );
  if (row!.rows > 3 * expected) return;
  without.add(db);
  for (const name of indexes) db.exec(`DROP INDEX IF EXISTS ${name}`);
}

// A line has about so many, and most lines make a row.
const bytesOfRow = 200;
const fewRows = 10_000;

/** Makes the indexes that wait. */
export function restoreIndexes(db: Database): void {
  if (!without.delete(db)) return;
  if (hasEvents(db)) createSchema(db);
}

const hasEvents = (db: Database) =>
  db.query("SELECT 1 FROM sqlite_schema WHERE name = 'event'").length > 0;
