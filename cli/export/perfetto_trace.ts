import type { Database, Sql } from "dnpc/sql";

/** The trace in progress, and what its parts need. */
export interface Trace {
  db: Database;
  /** Condition on the table span. */
  wanted: Sql;
  /** Writes an event; false once the reader is gone. */
  emit(event: TraceEvent): boolean;
  /** The number of a process; writes its name when it is new. */
  process(names: readonly string[]): number;
  /** The number of a track of a process; writes its name when it is new. */
  thread(pid: number, name: string): number;
  appOf(run: string, task: unknown): string;
  /** Names of runs by id, or by directory if there is no id. */
  runs: ReadonlyMap<string, string>;
}

/** An event of the JSON trace format; times are in microseconds. */
export interface TraceEvent {
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
export type SpanAttributes = Record<string, unknown>;

/** A trace whose events go to `emit`. */
export function makeTrace(
  db: Database,
  wanted: Sql,
  emit: Trace["emit"],
): Trace {
  return {
    db,
    wanted,
    emit,
    ...tracks(emit),
    appOf: appsOf(db),
    runs: runNames(db),
  };
}

/** Unix seconds as microseconds, the precision of logs. */
export const microseconds = (time: number): number => Math.round(time * 1e6);

/**
 * The place of a span, from outside in: run, executor, block, and manager or
 * host, as far as its attributes tell.
 */
export function processNames(
  attributes: SpanAttributes,
  { runs }: Trace,
): string[] {
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
}

/** The run's id, or its directory if there is no id. */
export const runKey = ({ run, rundir }: SpanAttributes): string =>
  String(run ?? rundir ?? "");

function tracks(emit: Trace["emit"]): Pick<Trace, "process" | "thread"> {
  const processes = new Map<string, number>();
  const threads = new Map<number, Map<string, number>>();
  return {
    process(names) {
      const name = names.join(" · ");
      let pid = processes.get(name);
      if (pid === undefined) {
        processes.set(name, pid = processes.size + 1);
        emit({ ph: "M", name: "process_name", pid, args: { name } });
      }
      return pid;
    },
    thread(pid, name) {
      let known = threads.get(pid);
      if (!known) threads.set(pid, known = new Map());
      let tid = known.get(name);
      if (tid === undefined) {
        known.set(name, tid = known.size + 1);
        const args = { sort_index: tid };
        emit({ ph: "M", name: "thread_name", pid, tid, args: { name } });
        emit({ ph: "M", name: "thread_sort_index", pid, tid, args });
      }
      return tid;
    },
  };
}

function runNames(db: Database): Map<string, string> {
  const rows = db.query<{ run: string | null; rundir: string | null }>(`
    SELECT DISTINCT attributes ->> 'run' AS run,
      attributes ->> 'rundir' AS rundir
    FROM span ORDER BY rundir`);
  const names = new Map<string, string>();
  for (const { run, rundir } of rows) {
    const directory = rundir?.split("/").at(-1);
    const id = run?.slice(0, 8);
    const key = run ?? rundir ?? "";
    if (names.has(key) && directory === undefined) continue;
    names.set(
      key,
      ["run", directory, id && `(${id})`].filter(Boolean).join(" "),
    );
  }
  return names;
}

function appsOf(db: Database): Trace["appOf"] {
  const rows = db.query<{ run: string; task: string; app: string }>(`
    SELECT ifnull(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task, attributes ->> 'app' AS app
    FROM span JOIN span_kind USING (type)
    WHERE role = 'task' AND attributes ->> 'app' IS NOT NULL`);
  const apps = new Map(
    rows.map(({ run, task, app }) => [`${run}/${task}`, app]),
  );
  return (run, task) =>
    apps.get(`${run}/${task}`) ?? (task === undefined ? "no task" : "task");
}
