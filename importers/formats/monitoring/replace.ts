import type { Database } from "../../../sql/mod.ts";
import { removeSpans } from "../../store/remove_spans.ts";
import { removeCopies } from "./copy.ts";
import { collectNames, forgetNames } from "./names.ts";
import { makeSpans } from "./spans.ts";

/**
 * Takes back what a source told: its rows, events and metrics. Its spans stay,
 * marked by a source less than 0, so that those which the changed source tells
 * of again keep their ids.
 */
export function takeBack(db: Database, sourceId: number): void {
  removeCopies(db, sourceId);
  for (const table of ["event", "metric"]) {
    db.run(`DELETE FROM ${table} WHERE source_id = ?`, [sourceId]);
  }
  db.run("UPDATE span SET source_id = -source_id WHERE source_id = ?", [
    sourceId,
  ]);
}

/** Removes the spans of which no source tells any more. */
export function removeForgotten(db: Database, importer: string): void {
  const forgotten = "SELECT id FROM span WHERE source_id < 0";
  if (db.query(`${forgotten} LIMIT 1`).length === 0) return;
  // Another source may tell of them too, and then they become its own.
  const sources = db.query<{ sourceId: number }>(
    "SELECT id AS sourceId FROM source WHERE importer = ? ORDER BY id",
    [importer],
  );
  for (const { sourceId } of sources) {
    const source = { sourceId, attributes: "{}", tables: [] };
    collectNames(db, source);
    makeSpans(db, source);
    forgetNames(db);
  }
  removeSpans(db, forgotten);
}
