import { type Database, jsonPath, spanSql as sql } from "../../sql/mod.ts";
import { readModel } from "../workers/read_workers.ts";
import type { Attempt } from "../workers/worker.ts";
import type { Held } from "./held_over_time.ts";
import measuredWorkText from "./measured_work.sql" with { type: "text" };
import sampledEndsText from "./sampled_ends.sql" with { type: "text" };
import samplesText from "./samples.sql" with { type: "text" };

/** A resource of {@linkcode resourceOverTime}. */
export type ResourceName =
  | "memory"
  | "virtual memory"
  | "cpu"
  | "disk read"
  | "disk write"
  | "disk"
  | "gpus"
  | "children"
  | "context switches";

interface Resource {
  /** The column of the sum, which has the unit in its name. */
  column: string;
  /** Metrics of monitoring that add up to it. */
  metrics: readonly string[];
  /** Whether they are counters, of which the rate counts. */
  isRate?: boolean;
  /** The number that a queue's resource monitor measures, and its size. */
  measured?: readonly [name: string, size: number];
}

const mb = 2 ** 20;
const metric = (name: string) => `psutil_process_${name}`;

/** All resources. */
export const resources: Record<ResourceName, Resource> = {
  "memory": {
    column: "memory_bytes",
    metrics: [metric("memory_resident")],
    measured: ["memory_measured_mb", mb],
  },
  "virtual memory": {
    column: "virtual_memory_bytes",
    metrics: [metric("memory_virtual")],
  },
  "cpu": {
    column: "cores",
    metrics: [metric("time_user"), metric("time_system")],
    isRate: true,
    measured: ["cores_measured", 1],
  },
  "disk read": {
    column: "disk_read_bytes_per_second",
    metrics: [metric("disk_read")],
    isRate: true,
  },
  "disk write": {
    column: "disk_write_bytes_per_second",
    metrics: [metric("disk_write")],
    isRate: true,
  },
  "disk": {
    column: "disk_bytes",
    metrics: [],
    measured: ["disk_measured_mb", mb],
  },
  "gpus": { column: "gpus", metrics: [], measured: ["gpus_measured", 1] },
  "children": { column: "children", metrics: [metric("children_count")] },
  "context switches": {
    column: "switches_per_second",
    metrics: [
      metric("num_ctx_switches_voluntary"),
      metric("num_ctx_switches_involuntary"),
    ],
    isRate: true,
  },
};

/** What each span held; a try is sampled, or else the work of a queue measured. */
export function usesOf(db: Database, resource: Resource): Map<number, Held[]> {
  const sampled = samplesOf(db, resource);
  if (sampled.size > 0 || !resource.measured) return sampled;
  return measuredOf(db, resource.measured);
}

function samplesOf(
  db: Database,
  { metrics, isRate }: Resource,
): Map<number, Held[]> {
  const uses = new Map<number, Held[]>();
  if (metrics.length === 0) return uses;
  interface Sample {
    span_id: number;
    time: number;
    value: number;
  }
  const rows = db.query<Sample>(sql.module(samplesText, {
    names: sql.join([...metrics]),
    number: metrics.length,
  }));
  const ends = new Map(
    db.query<{ span_id: number; end: number }>(sql.module(sampledEndsText, {}))
      .map(({ span_id, end }) => [span_id, end]),
  );
  const lasts = lastSamples(db, rows);
  rows.forEach(({ span_id, time, value }, i) => {
    const next = rows[i + 1]?.span_id === span_id ? rows[i + 1] : undefined;
    const own = uses.getOrInsertComputed(span_id, () => []);
    if (!isRate) {
      const end = ends.get(span_id) ?? lasts.get(span_id) ?? time;
      own.push({ from: time, to: next?.time ?? end, value });
    } else if (next) {
      const seconds = next.time - time;
      // A child process that ends takes its counters with it.
      const rate = Math.max(0, next.value - value) / seconds;
      own.push({ from: time, to: next.time, value: rate });
    }
  });
  for (const [span, own] of uses) if (own.length === 0) uses.delete(span);
  return uses;
}

/** The last sample of the run, for each span without an end. */
function lastSamples(
  db: Database,
  samples: readonly { span_id: number; time: number }[],
): Map<number, number> {
  const runs = new Map(
    db.query<{ id: number; run: string }>(sql`
      SELECT id, coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run
      FROM span WHERE id IN (SELECT span_id FROM metric_row)`)
      .map(({ id, run }) => [id, run]),
  );
  const last = new Map<string | undefined, number>();
  for (const { span_id, time } of samples) {
    const run = runs.get(span_id);
    last.set(run, Math.max(last.get(run) ?? -Infinity, time));
  }
  return new Map(
    samples.map(({ span_id }) => [span_id, last.get(runs.get(span_id))!]),
  );
}

function measuredOf(
  db: Database,
  [name, size]: readonly [string, number],
): Map<number, Held[]> {
  const uses = new Map<number, Held[]>();
  const rows = db.query<{ span_id: number; time: number; value: number }>(
    sql.module(measuredWorkText, { path: jsonPath(name) }),
  );
  if (rows.length === 0) return uses;
  const attempts = Map.groupBy(
    readModel(db, {}).workers.flatMap(({ attempts }) => attempts),
    ({ span_id }) => span_id,
  );
  // Several events of an execution repeat what was measured.
  const found = new Map<Attempt, number>();
  for (const { span_id, time, value } of rows) {
    const one = attempts.get(span_id)?.findLast(({ start }) => start <= time);
    if (one) found.set(one, Math.max(found.get(one) ?? 0, Number(value)));
  }
  for (const [{ span_id, start, end }, value] of found) {
    uses.getOrInsertComputed(span_id, () => [])
      .push({ from: start, to: end, value: value * size });
  }
  return uses;
}

/** @throws {RangeError} always: says which source has the resource */
export function refuseResource(
  name: ResourceName,
  run: string | undefined,
): never {
  const { metrics, measured } = resources[name];
  const sources = [
    ...metrics.length > 0
      ? ["monitoring.db has it if resource_monitoring_enabled was set"]
      : [],
    ...measured
      ? ["a log of Work Queue or TaskVine if their resource monitor ran"]
      : [],
  ];
  throw new RangeError(
    `no log${run === undefined ? "" : ` of run ${run}`} has the ${name} of ` +
      `tasks: ${sources.join(", and ")}`,
  );
}
