import type { Database } from "../database.ts";
import { sql } from "../template.ts";
import type { Contradiction } from "./report.ts";

/** How many events of a span are looked at. */
const maxEvents = 100;

/**
 * Finds where the sides of contradictions are told. An attribute does not say
 * which line it is from; the events of the span do, and what they hold of the
 * values tells the line that is meant from others.
 */
export function findSources(
  db: Database,
  contradictions: readonly Contradiction[],
): void {
  if (contradictions.length === 0) return;
  const sides = contradictions.flatMap(({ on, sides }) =>
    sides.map((side) => ({ side, all: { ...on, ...side.values } }))
  );
  const asked = sides.map(({ side, all }) => [
    side.spanId,
    Object.values(all).filter((value) => value !== null),
  ]);
  const found = db.iterate<{ side: number; path: string; line: number | null }>(
    sql`WITH side AS MATERIALIZED (
      SELECT key AS side, value ->> 0 AS span_id, value -> 1 AS said
      FROM json_each(${JSON.stringify(asked)})),
    told AS (
      SELECT side, source_id, line, (
        SELECT count(DISTINCT atom) FROM json_tree(event.attributes)
        WHERE CAST(atom AS TEXT) IN (SELECT value FROM json_each(said))
      ) AS matches
      FROM side CROSS JOIN event ON event.id IN (
        SELECT id FROM event WHERE event.span_id = side.span_id
        ORDER BY time LIMIT ${maxEvents})
      UNION ALL
      SELECT side, source_id, NULL, -1 FROM side JOIN span ON id = span_id),
    best AS (
      SELECT *, row_number() OVER (
        PARTITION BY side, source_id ORDER BY matches DESC, line) AS number
      FROM told)
    SELECT side, path, line FROM best JOIN source ON source.id = source_id
    WHERE number = 1 ORDER BY side, matches DESC, source_id`,
  );
  for (const { side, ...source } of found) {
    sides[side]!.side.sources.push(source);
  }
}
