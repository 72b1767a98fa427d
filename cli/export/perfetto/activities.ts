import { type Database, type Sql, sql } from "dnpc/sql";
import { type Emit, microseconds } from "./events.ts";
import { type Attributes, placeOf, runOf, type Tracks } from "./tracks.ts";

/** When somebody was at work on a task: slices on the tracks of workers. */
interface Activity {
  type: string;
  begins: string;
  ends: readonly string[];
  /** The attribute that names who works; a track each. */
  worker: string;
}

const transactionLog = {
  begins: "RUNNING",
  ends: ["WAITING_RETRIEVAL", "RETRIEVED", "DONE", "WAITING"],
  worker: "worker",
};

const activities: readonly Activity[] = [
  {
    type: "parsl.executor.htex.worker.task",
    begins: "worker_received_task",
    ends: ["worker_completed_task", "worker_all_finished_task"],
    worker: "worker",
  },
  { type: "workqueue.task", ...transactionLog },
  { type: "taskvine.task", ...transactionLog },
  // Of an executor of which there is no log: monitoring tells at which host.
  {
    type: "parsl.monitoring.try",
    begins: "running",
    ends: ["running_ended", "exec_done", "fail_retryable", "failed"],
    worker: "hostname",
  },
];

/** What the trace is made with. */
export interface Making {
  db: Database;
  emit: Emit;
  tracks: Tracks;
  runs: ReadonlyMap<string, string>;
  appOf: (run: string, task: unknown) => string;
  /** Which spans are wanted. */
  wanted: Sql;
}

/** Emits what each worker did: a slice for each task, on the worker's track. */
export function emitActivities(making: Making): void {
  const told = new Set<string>();
  for (const activity of activities) {
    const executors = new Set<string>();
    emitActivity(making, activity, (attributes) => {
      const executor = JSON.stringify([runOf(attributes), attributes.executor]);
      executors.add(executor);
      return !told.has(executor);
    });
    executors.forEach((executor) => told.add(executor));
  }
}

interface Slice {
  attributes: string;
  begin: number;
  end: number | null;
}

function emitActivity(
  { db, emit, tracks, runs, appOf, wanted }: Making,
  { type, begins, ends, worker }: Activity,
  isNew: (attributes: Attributes) => boolean,
): void {
  const lanes = new Map<string, number[]>();
  for (const slice of db.iterate<Slice>(slicesOf(type, begins, ends, wanted))) {
    const attributes: Attributes = JSON.parse(slice.attributes);
    if (!isNew(attributes)) continue;
    const { begin, end } = slice;
    const pid = tracks.process(placeOf(attributes, runs));
    const name = workerName(String(attributes[worker] ?? "?"));
    const lane = laneOf(lanes, `${pid} ${name}`, begin, end ?? Infinity);
    const ts = microseconds(begin);
    const { rundir: _, ...args } = attributes;
    const isRead = emit({
      ph: end === null ? "B" : "X",
      name: appOf(runOf(attributes), attributes.task),
      cat: "task",
      pid,
      tid: tracks.thread(pid, lane === 1 ? name : `${name} (${lane})`),
      ts,
      ...(end !== null && { dur: microseconds(end) - ts }),
      args,
    });
    if (!isRead) return;
  }
}

const workerName = (worker: string): string =>
  /^[\d?]/.test(worker) ? `worker ${worker}` : worker;

/** A worker that does several at once gets a track for each: slices on one nest. */
function laneOf(
  lanes: Map<string, number[]>,
  track: string,
  begin: number,
  end: number,
): number {
  const ends = lanes.get(track) ?? [];
  lanes.set(track, ends);
  const free = ends.findIndex((before) => before <= begin);
  const lane = free < 0 ? ends.length : free;
  ends[lane] = end;
  return lane + 1;
}

/**
 * From each beginning to the last end before the next one: a task that was lost
 * begins again. In the order of the beginnings.
 */
const slicesOf = (
  type: string,
  begins: string,
  ends: readonly string[],
  wanted: Sql,
): Sql =>
  sql`WITH mark AS (
    SELECT span_id, time, event.type = ${begins} AS is_begin,
      sum(event.type = ${begins}) OVER (
        PARTITION BY span_id ORDER BY time, event.id) AS round
    FROM event
    WHERE span_id IN (SELECT id FROM span WHERE type = ${type} AND ${wanted})
      AND event.type IN (${sql.join([begins, ...ends])})
      AND time IS NOT NULL
  )
SELECT attributes, min(time) AS "begin", max(iif(is_begin, NULL, time)) AS "end"
FROM mark JOIN span ON span.id = span_id
WHERE round > 0
GROUP BY span_id, round
ORDER BY "begin", span_id`;
