import { componentOf, statesOverTime } from "dnpc/questions";
import { type Sql, sql } from "dnpc/sql";
import {
  microseconds,
  processNames,
  runKey,
  type SpanAttributes,
  type Trace,
} from "./perfetto_trace.ts";

/** A span type in which a worker executes a task, and the events around that. */
interface Execution {
  type: string;
  role: "work" | "try";
  /** JSON arrays of event types. */
  begins: string;
  ends: string;
}

// Place 50 is "in a worker". Monitoring may write that a try was launched after
// it began to run: only later places end a try.
const executions = `
  SELECT type, role,
    json_group_array(event_type) FILTER (WHERE place_rank = 50) AS begins,
    json_group_array(event_type) FILTER (
      WHERE place_rank > 50 OR role = 'work' AND place_rank < 50) AS ends
  FROM event_kind JOIN span_kind ON type = span_type
  WHERE role IN ('work', 'try')
  GROUP BY type HAVING max(place_rank = 50)
  ORDER BY role = 'try', preference, type`;

/** Emits a slice for each task on the track of its worker. */
export function emitTasks(trace: Trace): void {
  // The first type with spans of an executor covers it.
  const covered = new Set<string>();
  for (const execution of trace.db.query<Execution>(executions)) {
    const executors = new Set<string>();
    emitExecutions(trace, execution, (attributes) => {
      const executor = JSON.stringify([
        runKey(attributes),
        attributes.executor,
      ]);
      executors.add(executor);
      return !covered.has(executor);
    });
    executors.forEach((executor) => covered.add(executor));
  }
}

interface Slice {
  attributes: string;
  begin: number;
  end: number | null;
}

function emitExecutions(
  trace: Trace,
  execution: Execution,
  isWanted: (attributes: SpanAttributes) => boolean,
): void {
  const lanes = new Map<string, number[]>();
  const slices = trace.db.iterate<Slice>(slicesOf(execution, trace.wanted));
  for (const { begin, end, ...slice } of slices) {
    const attributes: SpanAttributes = JSON.parse(slice.attributes);
    // Only monitoring records where a try ran: its host.
    const isTry = execution.role === "try";
    if (isTry && attributes.hostname === undefined) continue;
    if (!isWanted(attributes)) continue;
    const worker = String(
      isTry ? attributes.hostname : attributes.worker ?? "?",
    );
    const pid = trace.process(processNames(attributes, trace));
    const track = /^[\d?]/.test(worker) ? `worker ${worker}` : worker;
    const lane = laneOf(lanes, `${pid} ${track}`, begin, end ?? Infinity);
    const ts = microseconds(begin);
    const { rundir: _, ...args } = attributes;
    const isRead = trace.emit({
      ph: end === null ? "B" : "X",
      name: trace.appOf(runKey(attributes), attributes.task),
      cat: "task",
      pid,
      tid: trace.thread(pid, lane === 1 ? track : `${track} (${lane})`),
      ts,
      ...(end !== null && { dur: microseconds(end) - ts }),
      args,
    });
    if (!isRead) return;
  }
}

/** Tasks of a worker that overlap get tracks of their own: slices on one nest. */
function laneOf(
  lanes: Map<string, number[]>,
  track: string,
  begin: number,
  end: number,
): number {
  const ends = lanes.getOrInsertComputed(track, () => []);
  const free = ends.findIndex((before) => before <= begin);
  const lane = free < 0 ? ends.length : free;
  ends[lane] = end;
  return lane + 1;
}

/**
 * From each begin to the last end before the next begin, because a lost task
 * begins again; ordered by begin.
 */
function slicesOf({ type, begins, ends }: Execution, wanted: Sql): Sql {
  const [beginTypes, endTypes] = [begins, ends].map((json) =>
    sql.join(JSON.parse(json) as string[])
  );
  return sql`WITH mark AS (
    SELECT span_id, time, event.type IN (${beginTypes!}) AS is_begin,
      sum(event.type IN (${beginTypes!})) OVER (
        PARTITION BY span_id ORDER BY time, event.id) AS round
    FROM event
    WHERE span_id IN (SELECT id FROM span WHERE type = ${type} AND ${wanted})
      AND event.type IN (${beginTypes!}, ${endTypes!})
      AND time IS NOT NULL
  )
SELECT attributes, min(time) AS "begin", max(iif(is_begin, NULL, time)) AS "end"
FROM mark JOIN span ON span.id = span_id
WHERE round > 0
GROUP BY span_id, round
ORDER BY "begin", span_id`;
}

/** Emits an async slice for each try, and in it one for each of its states. */
export function emitTries(trace: Trace): void {
  const { db, wanted } = trace;
  const finalStates = new Set(
    db.query<{ state: string }>(`SELECT DISTINCT event_type AS state
      FROM event_kind JOIN span_kind ON type = span_type
      WHERE role = 'try' AND final`).map(({ state }) => state),
  );
  const types = db.query<{ type: string }>(
    "SELECT type FROM span_kind WHERE role = 'try' ORDER BY preference",
  );
  for (const [i, { type }] of types.entries()) {
    // A try that equals one of a preferred type would appear twice.
    const isNew = i === 0 ? sql`1` : sql`id NOT IN (SELECT left_id FROM facet)
      AND id NOT IN (SELECT right_id FROM facet)`;
    const roots = sql`SELECT id FROM span
      WHERE type = ${type} AND ${wanted} AND ${isNew}`;
    emitStates(trace, finalStates, componentOf(type), roots);
  }
}

interface TryStateChange {
  root_id: number;
  time: number;
  state: string;
}

function emitStates(
  trace: Trace,
  finalStates: ReadonlySet<string>,
  component: string,
  roots: Sql,
): void {
  const { db } = trace;
  const attributes = new Map(
    db.query<{ id: number; attributes: string }>(
      sql`SELECT id, attributes FROM span WHERE id IN (${roots})`,
    ).map(({ id, attributes }) => [id, attributes]),
  );
  let changes: TryStateChange[] = [];
  const flush = () =>
    changes.length === 0 ||
    emitTry(
      trace,
      finalStates,
      changes,
      JSON.parse(attributes.get(changes[0]!.root_id)!),
    );
  const rows = db.iterate<TryStateChange>(statesOverTime(roots, { component }));
  for (const change of rows) {
    if (changes[0]?.root_id !== change.root_id) {
      if (!flush()) return;
      changes = [];
    }
    changes.push(change);
  }
  flush();
}

function emitTry(
  trace: Trace,
  finalStates: ReadonlySet<string>,
  changes: readonly TryStateChange[],
  attributes: SpanAttributes,
): boolean {
  const { rundir: _, ...args } = attributes;
  const [run] = processNames(attributes, trace);
  const pid = trace.process([run!, "tries"]);
  const app = trace.appOf(runKey(attributes), attributes.task);
  const id = `0x${changes[0]!.root_id.toString(16)}`;
  const emitAsync = (
    ph: "b" | "e",
    name: string,
    time: number,
    args?: SpanAttributes,
  ) =>
    trace.emit({
      ph,
      name,
      cat: "try",
      id,
      pid,
      tid: 0,
      ts: microseconds(time),
      ...(args && { args }),
    });
  const last = changes.at(-1)!;
  emitAsync("b", app, changes[0]!.time, { ...args, ended: last.state });
  for (const [i, { state, time }] of changes.entries()) {
    if (finalStates.has(state)) continue;
    emitAsync("b", state, time);
    const next = changes[i + 1];
    if (next) emitAsync("e", state, next.time);
  }
  // A try without a final state stays open.
  return !finalStates.has(last.state) || emitAsync("e", app, last.time);
}
