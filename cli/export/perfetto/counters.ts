import { sql } from "dnpc/sql";
import type { Making } from "./activities.ts";
import { microseconds } from "./events.ts";
import { type Attributes, placeOf } from "./tracks.ts";

interface Value {
  time: number;
  metric: string | null;
  name: string;
  value: number;
}

interface Counted {
  id: number;
  key: string;
  attributes: string;
}

/**
 * Emits the numbers that components reported, a counter for each. Those of
 * single tasks are left out: they would be as many counters as tasks.
 */
export function emitCounters(
  { db, emit, tracks, runs, wanted }: Making,
): void {
  const spans = db.query<Counted>(
    sql`SELECT id, key, attributes FROM span
    WHERE id IN (SELECT span_id FROM metric)
      AND attributes ->> 'task' IS NULL
      AND attributes ->> 'executor_task' IS NULL AND ${wanted}
    ORDER BY id`,
  );
  const owners = new Map<string, number>();
  // Span by span: all values at once may be many.
  for (const span of spans) {
    const attributes: Attributes = JSON.parse(span.attributes);
    const pid = tracks.process(placeOf(attributes, runs));
    const values = db.iterate<Value>(
      sql`SELECT time, metric, name, value FROM metric
      WHERE span_id = ${span.id} AND time IS NOT NULL AND value IS NOT NULL
      ORDER BY metric, name, time`,
    );
    for (const value of values) {
      const name = counterName(owners, pid, span, value);
      const ts = microseconds(value.time);
      const args = { value: value.value };
      if (!emit({ ph: "C", name, pid, ts, args })) return;
    }
  }
}

/** Of two spans in one place that count alike, the second says who it is. */
function counterName(
  owners: Map<string, number>,
  pid: number,
  { id, key }: Counted,
  { metric, name }: Value,
): string {
  const own = metric === null ? name : `${metric}/${name}`;
  const place = `${pid} ${own}`;
  const owner = owners.get(place) ?? id;
  owners.set(place, owner);
  return owner === id ? own : `${own} (${key.split("/").at(-1)})`;
}
