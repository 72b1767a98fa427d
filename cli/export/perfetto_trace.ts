import type { Database } from "dnpc/sql";

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

/** The run's id, or its directory if there is no id. */
export const runKey = ({ run, rundir }: SpanAttributes): string =>
  String(run ?? rundir ?? "");

/** Names and numbers of the processes and tracks of a trace. */
export class Trace {
  readonly #runs: ReadonlyMap<string, string>;
  readonly #apps: ReadonlyMap<string, string>;
  readonly #processes = new Map<string, number>();
  readonly #threads = new Map<number, Map<string, number>>();

  constructor(db: Database) {
    this.#runs = runNames(db);
    this.#apps = appsOfTasks(db);
  }

  /** The number of a process; yields its name when it is new. */
  *process(names: readonly string[]): Generator<TraceEvent, number> {
    const name = names.join(" · ");
    const pid = this.#processes.getOrInsert(name, this.#processes.size + 1);
    if (!this.#threads.has(pid)) {
      this.#threads.set(pid, new Map());
      yield { ph: "M", name: "process_name", pid, args: { name } };
    }
    return pid;
  }

  /** The number of a track of a process; yields its name when it is new. */
  *thread(pid: number, name: string): Generator<TraceEvent, number> {
    const threads = this.#threads.get(pid)!;
    const known = threads.get(name);
    if (known !== undefined) return known;
    const tid = threads.size + 1;
    threads.set(name, tid);
    const args = { sort_index: tid };
    yield { ph: "M", name: "thread_name", pid, tid, args: { name } };
    yield { ph: "M", name: "thread_sort_index", pid, tid, args };
    return tid;
  }

  /**
   * The place of a span, from outside in: run, executor, block, and manager or
   * host, as far as its attributes tell.
   */
  placeOf(attributes: SpanAttributes): string[] {
    const named = (name: string, prefix = `${name} `) =>
      attributes[name] === undefined ? [] : [`${prefix}${attributes[name]}`];
    return [
      this.#runs.get(runKey(attributes)) ?? "no run",
      ...named("executor", ""),
      ...named("block"),
      ...attributes.manager === undefined
        ? named("hostname", "host ")
        : named("manager"),
    ];
  }

  /** The app of the task that a span belongs to. */
  appOf(attributes: SpanAttributes): string {
    const { task } = attributes;
    return this.#apps.get(`${runKey(attributes)}/${task}`) ??
      (task === undefined ? "no task" : "task");
  }
}

function runNames(db: Database): Map<string, string> {
  const rows = db.query<{ run: string | null; rundir: string | null }>(`
    SELECT DISTINCT attributes ->> 'run' AS run,
      attributes ->> 'rundir' AS rundir
    FROM span ORDER BY rundir`);
  const names = new Map<string, string>();
  for (const { run, rundir } of rows) {
    const key = run ?? rundir ?? "";
    if (names.has(key) && rundir === null) continue;
    const parts = [
      "run",
      rundir?.split("/").at(-1),
      run && `(${run.slice(0, 8)})`,
    ];
    names.set(key, parts.filter(Boolean).join(" "));
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
