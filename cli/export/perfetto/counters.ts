import { sql } from "dnpc/sql";
import type { Making } from "./activities.ts";
import { microseconds } from "./events.ts";
import { type Attributes, placeOf } from "./tracks.ts";

interface Value {
  span_id: number;
  key: string;
  attributes: string;
  time: number;
  metric: string | null;
  name: string;
  value: number;
}

/**
 * Emits the numbers that components reported, a counter for each. Those of
 * single tasks are left out: they would be as many counters as tasks.
 */
export function emitCounters(
  { db, emit, tracks, runs, wanted }: Making,
): void {
  const values = db.iterate<Value>(
    sql`SELECT span_id, key, attributes, time, metric, name, value
    FROM metric JOIN span ON span.id = span_id
    WHERE time IS NOT NULL AND value IS NOT NULL
      AND attributes ->> 'task' IS NULL
      AND attributes ->> 'executor_task' IS NULL AND ${wanted}
    ORDER BY span_id, metric, name, time`,
  );
  const owners = new Map<string, number>();
  let [span, pid] = [-1, 0];
  for (const value of values) {
    if (value.span_id !== span) {
      const place = placeOf(JSON.parse(value.attributes) as Attributes, runs);
      [span, pid] = [value.span_id, tracks.process(place)];
    }
    const isRead = emit({
      ph: "C",
      name: counterName(owners, pid, value),
      pid,
      ts: microseconds(value.time),
      args: { value: value.value },
    });
    if (!isRead) return;
  }
}

/** Of two spans in one place that count alike, the second says who it is. */
function counterName(
  owners: Map<string, number>,
  pid: number,
  { span_id, key, metric, name }: Value,
): string {
  const own = metric === null ? name : `${metric}/${name}`;
  const place = `${pid} ${own}`;
  const owner = owners.get(place) ?? span_id;
  owners.set(place, owner);
  return owner === span_id ? own : `${own} (${key.split("/").at(-1)})`;
}
