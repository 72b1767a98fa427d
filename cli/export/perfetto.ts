import { type Database, type Sql, sql } from "dnpc/sql";
import { jsonText } from "../formats.ts";
import type { Sink } from "../output.ts";
import { emitTasks, emitTries } from "./perfetto_slices.ts";
import {
  makeTrace,
  microseconds,
  processNames,
  type Trace,
} from "./perfetto_trace.ts";

/**
 * Writes a trace for Perfetto and chrome://tracing: what each worker did, the
 * states of each try, and metrics.
 *
 * @param wanted condition on the table span
 */
export function writePerfetto(db: Database, wanted: Sql, out: Sink): void {
  out.write('{"displayTimeUnit":"ms","traceEvents":[');
  let separator = "\n";
  const trace = makeTrace(db, wanted, (event) => {
    const isRead = out.write(separator + jsonText(event));
    separator = ",\n";
    return isRead;
  });
  emitTasks(trace);
  emitTries(trace);
  emitCounters(trace);
  out.write("\n]}\n");
}

interface CountedSpan {
  id: number;
  key: string;
  attributes: string;
}

interface MetricValue {
  time: number;
  metric: string | null;
  name: string;
  value: number;
}

/** A counter per metric, except those of single tasks: they would be too many. */
function emitCounters(trace: Trace): void {
  const { db, emit, wanted } = trace;
  const spans = db.query<CountedSpan>(
    sql`SELECT id, key, attributes FROM span
    WHERE id IN (SELECT span_id FROM metric)
      AND attributes ->> 'task' IS NULL
      AND attributes ->> 'executor_task' IS NULL AND ${wanted}
    ORDER BY id`,
  );
  const owners = new Map<string, number>();
  // All values at once may be too many.
  for (const { id, key, attributes } of spans) {
    const pid = trace.process(processNames(JSON.parse(attributes), trace));
    const values = db.iterate<MetricValue>(
      sql`SELECT time, metric, name, value FROM metric
      WHERE span_id = ${id} AND time IS NOT NULL AND value IS NOT NULL
      ORDER BY metric, name, time`,
    );
    for (const { time, metric, name, value } of values) {
      const counter = metric === null ? name : `${metric}/${name}`;
      const owner = owners.getOrInsert(`${pid} ${counter}`, id);
      const isRead = emit({
        ph: "C",
        // The second span with this counter in a process adds its own name.
        name: owner === id ? counter : `${counter} (${key.split("/").at(-1)})`,
        pid,
        ts: microseconds(time),
        args: { value },
      });
      if (!isRead) return;
    }
  }
}
