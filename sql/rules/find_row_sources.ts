import type { Contradiction } from "./report.ts";
import { findSources } from "./find_sources.ts";
import type { Database } from "../database.ts";
import { sql } from "../template.ts";
import type { RowSide } from "./row_report.ts";

/**
 * Finds where the sides of contradictions are told: of spans by their events,
 * of events and log records by their own line.
 */
export function findRowSources(
  db: Database,
  table: string,
  contradictions: readonly Contradiction<RowSide>[],
): void {
  if (table === "span") {
    findSources(
      db,
      contradictions.map(({ sides, ...rest }) => ({
        ...rest,
        sides: sides.map((side) => ({
          ...{ spanId: side.id, spanType: "", sourceId: null },
          ...side,
        })),
      })),
    );
    return;
  }
  const sides = contradictions.flatMap(({ sides }) => sides);
  const ids = JSON.stringify(sides.map(({ id }) => id));
  const found = db.iterate<{ side: number; path: string; line: number | null }>(
    sql`SELECT each.key AS side, source.path, row.line
      FROM json_each(${ids}) AS each
        JOIN ${sql.id(table)} AS row ON row.id = each.value
        JOIN source ON source.id = row.source_id`,
  );
  for (const { side, ...source } of found) sides[side]!.sources.push(source);
}
