import type { Database } from "../../sql/mod.ts";
import { restoreIndexes } from "./indexes.ts";

/**
 * Removes the content of sources before they are read again: events, metrics
 * and records, and the spans that no other source mentions. Scans all spans,
 * so call it once for many sources.
 *
 * @param readAgain runs between the two; spans it gives a `source_id` survive
 * with their ids
 */
export function removeSources(
  db: Database,
  sourceIds: readonly number[],
  readAgain: () => void = () => {},
): void {
  // Deleting by span needs the indexes of events and metrics.
  restoreIndexes(db);
  const ids = JSON.stringify(sourceIds);
  const isOne = "source_id IN (SELECT value FROM json_each(?))";
  for (const table of ["event_row", "metric_row", "log_record", "origin"]) {
    db.run(`DELETE FROM ${table} WHERE ${isOne}`, [ids]);
  }
  // A negative source marks the spans until they are claimed or removed.
  db.run(`UPDATE span SET source_id = -source_id WHERE ${isOne}`, [ids]);
  readAgain();
  removeSpans(
    db,
    `SELECT id FROM span WHERE source_id < 0
       AND NOT EXISTS (SELECT 1 FROM event_row WHERE span_id = span.id)
       AND NOT EXISTS (SELECT 1 FROM metric_row WHERE span_id = span.id)`,
  );
  db.run("UPDATE span SET source_id = -source_id WHERE source_id < 0");
}

/** Removes the spans whose ids a query selects, with all that refers to them. */
export function removeSpans(
  db: Database,
  idQuery: string,
  parameters: Record<string, string> = {},
): void {
  db.run(`CREATE TEMP TABLE removed_span AS ${idQuery}`, parameters);
  for (
    const [table, column] of [
      ["event_row", "span_id"],
      ["metric_row", "span_id"],
      ["subspan", "superspan_id"],
      ["subspan", "subspan_id"],
      ["facet", "left_id"],
      ["facet", "right_id"],
      ["span", "id"],
    ]
  ) {
    db.exec(
      `DELETE FROM ${table}
       WHERE ${column} IN (SELECT id FROM temp.removed_span)`,
    );
  }
  db.exec("DROP TABLE temp.removed_span");
}
