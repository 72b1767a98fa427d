import {
  type Attempt,
  attempts,
  runs,
  type Task,
  tasks,
  type WorkerName,
} from "../questions/mod.ts";
import { type Database, PairNumbers, sql, TextNumbers } from "../sql/mod.ts";
import { Dictionary } from "./columns.ts";
import { assignLanes } from "./lanes.ts";
import { PackedJson } from "./packed_json.ts";
import { readSeries, type StreamRun } from "./series.ts";
import type { Spans } from "./spans.ts";

/** An attempt, or a task that no worker is known to have had. */
interface Bar extends
  WorkerName,
  Pick<
    Attempt,
    "host" | "app" | "task" | "try" | "executor_task" | "start" | "end"
  > {
  /** "not ended" for a task without an attempt and without an end. */
  outcome: Attempt["outcome"] | "not ended";
  /** When it began to wait for a worker; its start if no log has that. */
  since: number;
  /** Null for a task without an attempt. */
  span_id: number | null;
}

/**
 * Packs what the stream and the views beside it show: attempts in the lanes of
 * their workers, tasks, runs, and the lengths of queues and metrics over time.
 *
 * Times are microseconds since `origin`, and those of starts since the one
 * before. A task that no worker is known to have had is a bar, too, of the
 * seconds between its launch and its end; it has not `ran`.
 *
 * @param known the runs with the times of their last events
 */
export function packStream(
  db: Database,
  spans: Spans,
  known: readonly { run: string; last: number | null }[],
  run?: string,
): string {
  const options = run === undefined ? {} : { run };
  const rows = attempts(db, options);
  const since = waitingSince(db, spans, rows);
  // Not copies: there may be a million.
  const attempted = rows.map((row, i): Bar =>
    Object.assign(row, { since: since[i]! })
  );
  const allTasks = tasks(db, options);
  const allRuns = streamRuns(db, attempted, allTasks, known, run);
  const bars = [...attempted, ...barsOfTasks(attempted, allTasks, allRuns)]
    .sort((a, b) => a.start - b.start);
  const { lanes, laneOf } = assignLanes(db, bars, allRuns, options);
  const texts = new Dictionary(new TextNumbers());
  const json = new PackedJson();
  const origin = allRuns[0]?.began ?? 0;
  const micros = (time: number | null) =>
    time === null ? NaN : Math.round((time - origin) * 1e6);
  const columns = <T>(
    rows: readonly T[],
    valuesOf: Record<string, (row: T, index: number) => number>,
  ) => {
    for (const [name, valueOf] of Object.entries(valuesOf)) {
      json.write(`"${name}":`);
      json.numbers(Float64Array.from(rows, valueOf));
      json.write(",");
    }
    json.write(`"length":${rows.length}`);
  };
  let before = 0;
  json.write(`{"origin":${origin},"attempts":{`);
  columns(bars, {
    start: ({ start }) => -before + (before = micros(start)),
    seconds: ({ start, end }) => micros(end) - micros(start),
    waited: ({ since, start }) => micros(start) - micros(since),
    lane: (_, i) => laneOf[i]!,
    app: ({ app }) => texts.indexOf(app),
    outcome: ({ outcome }) => texts.indexOf(outcome),
    task: ({ task }) => texts.indexOf(task),
    try: (bar) => texts.indexOf(bar.try),
    executor_task: ({ executor_task }) => texts.indexOf(executor_task),
    ran: ({ span_id }) => Number(span_id !== null),
  });
  json.write('},"tasks":{');
  columns(allTasks, {
    run: ({ run }) => texts.indexOf(run),
    task: ({ task }) => texts.indexOf(task),
    app: ({ app }) => texts.indexOf(app),
    state: ({ state }) => texts.indexOf(state),
    submitted: ({ submitted }) => micros(submitted),
    launched: ({ launched }) => micros(launched),
    ended: ({ ended }) => micros(ended),
  });
  const series = readSeries(db, spans, allRuns, options);
  for (const [name, rows] of Object.entries({ lanes, runs: allRuns, series })) {
    json.write(`${name === "lanes" ? "}" : ""},"${name}":`);
    json.list(rows.map((row) => JSON.stringify(row)));
  }
  json.write(',"texts":');
  json.list(texts.texts().map((text) => JSON.stringify(text)));
  json.write("}");
  return json.toBase64();
}

/**
 * When each attempt began to wait for a worker: when its try was launched, or,
 * without Parsl, at the first event of its span or its attempt before.
 */
function waitingSince(
  db: Database,
  spans: Spans,
  rows: readonly Attempt[],
): Float64Array {
  const { run, task, try: tries } = spans.identity;
  const keys = new PairNumbers();
  const keyOf = (span: number) =>
    keys.number(keys.number(run[span]!, task[span]!), -tries[span]!);
  const launched = new Map<number, number>();
  const launches = db.iterate<{ span_id: number; time: number }>(sql`
    SELECT span_id, min(time) AS time
    FROM event JOIN span ON span.id = span_id JOIN span_kind
      ON span_kind.type = span.type AND role = 'try'
    WHERE event.type = 'launched' AND time IS NOT NULL
    GROUP BY span_id ORDER BY preference DESC`);
  for (const { span_id, time } of launches) {
    const span = spans.indexOf(span_id);
    if (span >= 0) launched.set(keyOf(span), time);
  }
  const first = new Map(
    launched.size > 0 ? [] : db.query<{ span_id: number; time: number }>(sql`
      SELECT span_id, min(time) AS time FROM event
      WHERE named = 1 GROUP BY span_id`)
      .map(({ span_id, time }) => [span_id, time]),
  );
  return Float64Array.from(rows, ({ span_id, start, end }) => {
    const span = spans.indexOf(span_id);
    const known = span >= 0 && task[span] !== 0
      ? launched.get(keyOf(span))
      : first.get(span_id);
    first.set(span_id, end);
    return Math.min(known ?? start, start);
  });
}

/** The runs in the order of their beginning. */
function streamRuns(
  db: Database,
  bars: readonly Bar[],
  tasks: readonly Task[],
  lasts: readonly { run: string; last: number | null }[],
  run: string | undefined,
): StreamRun[] {
  const hulls = new Map<string, [number, number]>();
  const extend = (
    run: string | null,
    from: number | null,
    to: number | null,
  ) => {
    const hull = hulls.getOrInsertComputed(
      run ?? "",
      () => [Infinity, -Infinity],
    );
    hull[0] = Math.min(hull[0], from ?? Infinity);
    hull[1] = Math.max(hull[1], to ?? from ?? -Infinity);
  };
  for (const { run, since, end } of bars) extend(run, since, end);
  for (const { run, submitted, ended } of tasks) extend(run, submitted, ended);
  const known = new Map(
    runs(db, run === undefined ? {} : { run }).map((row) => [row.run, row]),
  );
  for (const [run, { began }] of known) extend(run, began, null);
  // What was killed may have left lines long after its last task.
  for (const { run, last } of lasts) {
    if (known.get(run)?.seconds === null) extend(run, null, last);
  }
  return Array.from(hulls, ([run, [first, last]]) => {
    const { began = null, seconds = null } = known.get(run) ?? {};
    const from = began ?? first;
    return {
      run,
      began: from,
      ended: seconds === null ? Math.max(from, last) : from + seconds,
      isEnded: seconds !== null,
      first,
      last: Math.max(from, last, from + (seconds ?? 0)),
    };
  }).filter(({ began }) => Number.isFinite(began))
    .sort((a, b) => a.began - b.began);
}

/** Bars for tasks without an attempt. */
function barsOfTasks(
  attempts: readonly Bar[],
  tasks: readonly Task[],
  runs: readonly StreamRun[],
): Bar[] {
  const texts = new TextNumbers();
  const ran = new PairNumbers();
  for (const { run, task } of attempts) {
    if (run === null || task === null) continue;
    ran.number(texts.number(run), texts.number(task));
  }
  const ends = new Map(runs.map(({ run, ended }) => [run, ended]));
  return tasks.filter(({ run, task }) =>
    ran.known(texts.known(run), texts.known(task)) === 0
  )
    .flatMap(({ run, task, app, state, tries, executor, ...times }) => {
      const { submitted, launched, ended } = times;
      const end = ended ?? ends.get(run);
      if (end === undefined) return [];
      const isEnded = ended !== null;
      // Without a launch it never had a place to be in.
      const start = isEnded ? Math.min(launched ?? end, end) : end;
      return [{
        ...nowhere,
        run,
        executor,
        app,
        task,
        try: tries > 0 ? String(tries - 1) : null,
        start,
        end,
        since: isEnded ? start : Math.min(launched ?? submitted ?? end, end),
        outcome: isEnded ? outcomeOf(state) : "not ended",
      }];
    });
}

const outcomeOf = (state: string | null) =>
  state === "failed" || state === "dep_fail" ? "failed" : "done";

const nowhere = {
  block: null,
  manager: null,
  worker: null,
  host: null,
  executor_task: null,
  span_id: null,
} as const;
