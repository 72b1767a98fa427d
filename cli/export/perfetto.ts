// Over 300 lines: the parts of a trace share its processes, tracks and names.

import { attempts, componentOf, statesOverTime } from "dnpc/questions";
import { type Database, type Sql, sql } from "dnpc/sql";
import { jsonText } from "../formats.ts";
import type { Sink } from "../output.ts";

/**
 * Writes a trace for Perfetto and chrome://tracing: what each worker did, the
 * states of each try, and metrics.
 *
 * @param wanted condition on the table span
 */
export function writePerfetto(db: Database, wanted: Sql, out: Sink): void {
  out.write('{"displayTimeUnit":"ms","traceEvents":[');
  let separator = "\n";
  for (const event of traceEvents(db, wanted)) {
    if (!out.write(separator + jsonText(event))) return;
    separator = ",\n";
  }
  out.write("\n]}\n");
}

type TraceEvents = Generator<TraceEvent, void>;

function* traceEvents(db: Database, wanted: Sql): TraceEvents {
  const trace = startTrace(db);
  yield* slicesOfTasks(db, wanted, trace);
  yield* slicesOfTries(db, wanted, trace);
  yield* counters(db, wanted, trace);
}

/** Unix seconds as microseconds, the precision of logs. */
const microseconds = (time: number): number => Math.round(time * 1e6);

/** A slice for each attempt at a task on the track of its worker. */
function* slicesOfTasks(db: Database, wanted: Sql, trace: Trace): TraceEvents {
  const spans = new Map(
    db.query<{ id: number; type: string; attributes: string }>(
      sql`SELECT id, type, attributes FROM span JOIN span_kind USING (type)
        WHERE role IN ('work', 'try') AND ${wanted}`,
    ).map((span) => [span.id, span]),
  );
  const lanes = new Map<string, number[]>();
  for (const attempt of attempts(db)) {
    const span = spans.get(attempt.span_id);
    if (!span) continue;
    const { worker, host, outcome, ended_by } = attempt;
    const attributes: SpanAttributes = JSON.parse(span.attributes);
    const { rundir: _, ...args } = attributes;
    if (worker !== null) args.worker = worker;
    const at = worker ?? host ?? "?";
    const pid = yield* trace.process(trace.placeOf(attributes));
    const track = /^[\d?]/.test(at) ? `worker ${at}` : at;
    const isRunning = outcome === "running";
    const end = isRunning ? Infinity : attempt.end;
    const lane = laneOf(lanes, `${pid} ${track}`, attempt.start, end);
    const ts = microseconds(attempt.start);
    const thread = lane === 1 ? track : `${track} (${lane})`;
    yield {
      ph: isRunning ? "B" : "X",
      name: trace.nameOf(span.type, attributes),
      cat: "task",
      pid,
      tid: yield* trace.thread(pid, thread),
      ts,
      ...!isRunning && { dur: microseconds(end) - ts },
      args: { ...args, outcome, ended_by },
    };
  }
}

/**
 * Overlapping tasks of a worker get separate tracks, because slices on one
 * track must nest.
 */
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

/** An async slice for each try, and in it one for each of its states. */
function* slicesOfTries(db: Database, wanted: Sql, trace: Trace): TraceEvents {
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
    const changes = Map.groupBy(
      db.query<TryStateChange>(
        statesOverTime(roots, { component: componentOf(type) }),
      ),
      ({ root_id }) => root_id,
    );
    const spans = db.query<{ id: number; attributes: string }>(
      sql`SELECT id, attributes FROM span WHERE id IN (${roots}) ORDER BY id`,
    );
    for (const { id, attributes } of spans) {
      const states = changes.get(id);
      if (!states) continue;
      yield* slicesOfTry(trace, finalStates, states, JSON.parse(attributes));
    }
  }
}

interface TryStateChange {
  root_id: number;
  time: number;
  state: string;
}

function* slicesOfTry(
  trace: Trace,
  finalStates: ReadonlySet<string>,
  changes: readonly TryStateChange[],
  attributes: SpanAttributes,
): TraceEvents {
  const { rundir: _, ...args } = attributes;
  const [run] = trace.placeOf(attributes);
  const pid = yield* trace.process([run!, "tries"]);
  const app = trace.appOf(attributes);
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const id = `0x${first.root_id.toString(16)}`;
  const edge = (ph: "b" | "e", name: string, time: number) => (
    { ph, name, cat: "try", id, pid, tid: 0, ts: microseconds(time) }
  );
  yield { ...edge("b", app, first.time), args: { ...args, ended: last.state } };
  for (const [i, { state, time }] of changes.entries()) {
    if (finalStates.has(state)) continue;
    yield edge("b", state, time);
    const next = changes[i + 1];
    if (next) yield edge("e", state, next.time);
  }
  // A try without a final state stays open.
  if (finalStates.has(last.state)) yield edge("e", app, last.time);
}

/**
 * A counter per metric, except those of single tasks, which would be too many.
 */
function* counters(db: Database, wanted: Sql, trace: Trace): TraceEvents {
  const spans = db.query<{ id: number; key: string; attributes: string }>(
    sql`SELECT id, key, attributes FROM span
    WHERE id IN (SELECT span_id FROM metric)
      AND attributes ->> 'task' IS NULL
      AND attributes ->> 'executor_task' IS NULL AND ${wanted}
    ORDER BY id`,
  );
  const owners = new Map<string, number>();
  // All values at once may be too many.
  for (const { id, key, attributes } of spans) {
    const place = trace.placeOf(JSON.parse(attributes));
    const pid = yield* trace.process(place);
    const values = db.iterate<{ time: number; counter: string; value: number }>(
      sql`SELECT time, ifnull(metric || '/', '') || name AS counter, value
      FROM metric
      WHERE span_id = ${id} AND time IS NOT NULL AND value IS NOT NULL
      ORDER BY metric, name, time`,
    );
    for (const { time, counter, value } of values) {
      const owner = owners.getOrInsert(`${pid} ${counter}`, id);
      yield {
        ph: "C",
        // The second span with this counter in a process adds its own name.
        name: owner === id ? counter : `${counter} (${key.split("/").at(-1)})`,
        pid,
        ts: microseconds(time),
        args: { value },
      };
    }
  }
}

/** An event of the JSON trace format; times are in microseconds. */
interface TraceEvent {
  /** Slice, slice without end, start and end of an async slice, counter, name. */
  ph: "X" | "B" | "b" | "e" | "C" | "M";
  name: string;
  pid: number;
  tid?: number;
  ts?: number;
  dur?: number;
  cat?: string;
  id?: string;
  args?: Record<string, unknown>;
}

/** Attributes of a span, parsed from its JSON. */
type SpanAttributes = Record<string, unknown>;

/** The run's id, or its directory if there is no id. */
const runKey = ({ run, rundir }: SpanAttributes): string =>
  String(run ?? rundir ?? "");

type Trace = ReturnType<typeof startTrace>;

/** Names and numbers of the processes and tracks of a trace. */
function startTrace(db: Database) {
  const runs = runNames(db);
  const apps = appsOfTasks(db);
  const numbers = numbersOfTypes(db);
  const appOf = (attributes: SpanAttributes): string | undefined =>
    apps.get(`${runKey(attributes)}/${attributes.task}`);
  const processes = new Map<string, number>();
  const threads = new Map<number, Map<string, number>>();
  return {
    /** The number of a process; yields its name when it is new. */
    *process(names: readonly string[]): Generator<TraceEvent, number> {
      const name = names.join(" · ");
      const pid = processes.getOrInsert(name, processes.size + 1);
      if (!threads.has(pid)) {
        threads.set(pid, new Map());
        yield { ph: "M", name: "process_name", pid, args: { name } };
      }
      return pid;
    },

    /** The number of a track of a process; yields its name when it is new. */
    *thread(pid: number, name: string): Generator<TraceEvent, number> {
      const own = threads.get(pid)!;
      const known = own.get(name);
      if (known !== undefined) return known;
      const tid = own.size + 1;
      own.set(name, tid);
      const args = { sort_index: tid };
      yield { ph: "M", name: "thread_name", pid, tid, args: { name } };
      yield { ph: "M", name: "thread_sort_index", pid, tid, args };
      return tid;
    },

    /**
     * The place of a span, from outside in: run, executor, block, and manager or
     * host, as far as its attributes contain them.
     */
    placeOf(attributes: SpanAttributes): string[] {
      const named = (name: string, prefix = `${name} `) =>
        attributes[name] === undefined ? [] : [`${prefix}${attributes[name]}`];
      return [
        runs.get(runKey(attributes)) ?? "no run",
        ...named("executor", ""),
        ...named("block"),
        ...attributes.manager === undefined
          ? named("hostname", "host ")
          : named("manager"),
      ];
    },

    /** The app of the task that a span belongs to. */
    appOf: (attributes: SpanAttributes): string => appOf(attributes) ?? "task",

    /**
     * The app of a span's task; if only a queue knows the task, its category and
     * its number there.
     */
    nameOf(type: string, attributes: SpanAttributes): string {
      const { category = "task" } = attributes;
      const number = attributes[numbers.get(type)!];
      return appOf(attributes) ?? [category, number].join(" ").trimEnd();
    },
  };
}

/** By span type, the attribute that numbers its spans in their surroundings. */
const numbersOfTypes = (db: Database): Map<string, string> =>
  new Map(
    db.query<{ type: string; number: string }>(
      "SELECT type, identity ->> '$[#-1]' AS number FROM span_kind",
    ).map(({ type, number }) => [type, number]),
  );

function runNames(db: Database): Map<string, string> {
  const rows = db.query<{ run: string | null; rundir: string | null }>(`
    SELECT DISTINCT attributes ->> 'run' AS run,
      attributes ->> 'rundir' AS rundir
    FROM span ORDER BY rundir`);
  const names = new Map<string, string>();
  for (const { run, rundir } of rows) {
    const key = run ?? rundir ?? "";
    if (names.has(key) && rundir === null) continue;
    const directory = rundir?.split("/").at(-1);
    const id = run && `(${run.slice(0, 8)})`;
    names.set(key, ["run", directory, id].filter(Boolean).join(" "));
  }
  return names;
}

const appsOfTasks = (db: Database): Map<string, string> =>
  new Map(
    db.query<{ task: string; app: string }>(`
      SELECT ifnull(attributes ->> 'run', attributes ->> 'rundir') || '/' ||
        (attributes ->> 'task') AS task, attributes ->> 'app' AS app
      FROM span JOIN span_kind USING (type)
      WHERE role = 'task' AND attributes ->> 'app' IS NOT NULL`)
      .map(({ task, app }) => [task, app]),
  );
