import type { Database } from "../../sql/mod.ts";

/** Removes spans, and what relates them to others; `ids` is SQL that gives them. */
export function removeSpans(db: Database, ids: string): void {
  for (
    const [table, column] of [
      ["subspan", "superspan_id"],
      ["subspan", "subspan_id"],
      ["facet", "left_id"],
      ["facet", "right_id"],
      ["span", "id"],
    ]
  ) db.run(`DELETE FROM ${table} WHERE ${column} IN (${ids})`);
}
