import {
  type Attempt,
  attempts,
  runs,
  tasks,
  type WorkerName,
} from "../questions/mod.ts";
import { type Database, PairNumbers, sql, TextNumbers } from "../sql/mod.ts";
import { Dictionary } from "./columns.ts";
import { assignLanes } from "./lanes.ts";
import { PackedJson } from "./packed_json.ts";
import { readSeries, type StreamRun } from "./series.ts";
import type { Spans } from "./spans.ts";
import { type TaskColumns, taskColumns, timeAt } from "./task_columns.ts";

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
  const texts = new TextNumbers();
  const allTasks = taskColumns(tasks(db, options), texts);
  const allRuns = streamRuns(db, attempted, allTasks, texts, known, run);
  const bars = [
    ...attempted,
    ...barsOfTasks(attempted, allTasks, allRuns, texts),
  ]
    .sort((a, b) => a.start - b.start);
  const { lanes, laneOf } = assignLanes(db, bars, allRuns, options);
  const codes = new Dictionary(texts);
  const json = new PackedJson();
  const origin = allRuns[0]?.began ?? 0;
  // NaN stays NaN.
  const micros = (time: number) => Math.round((time - origin) * 1e6);
  const columns = (
    length: number,
    valuesOf: Record<string, (index: number) => number>,
  ) => {
    for (const [name, valueOf] of Object.entries(valuesOf)) {
      json.write(`"${name}":`);
      json.numbers(Float64Array.from({ length }, (_, i) => valueOf(i)));
      json.write(",");
    }
    json.write(`"length":${length}`);
  };
  let before = 0;
  json.write(`{"origin":${origin},"attempts":{`);
  const indexOf = (
    i: number,
    name: "app" | "outcome" | "task" | "try" | "executor_task",
  ) => codes.indexOf(bars[i]![name]);
  columns(bars.length, {
    start: (i) => -before + (before = micros(bars[i]!.start)),
    seconds: (i) => micros(bars[i]!.end) - micros(bars[i]!.start),
    waited: (i) => micros(bars[i]!.start) - micros(bars[i]!.since),
    lane: (i) => laneOf[i]!,
    app: (i) => indexOf(i, "app"),
    outcome: (i) => indexOf(i, "outcome"),
    task: (i) => indexOf(i, "task"),
    try: (i) => indexOf(i, "try"),
    executor_task: (i) => indexOf(i, "executor_task"),
    ran: (i) => Number(bars[i]!.span_id !== null),
  });
  json.write('},"tasks":{');
  columns(allTasks.length, {
    run: (i) => codes.indexOfNumber(allTasks.run[i]!),
    task: (i) => codes.indexOfNumber(allTasks.task[i]!),
    app: (i) => codes.indexOfNumber(allTasks.app[i]!),
    state: (i) => codes.indexOfNumber(allTasks.state[i]!),
    submitted: (i) => micros(allTasks.submitted[i]!),
    launched: (i) => micros(allTasks.launched[i]!),
    ended: (i) => micros(allTasks.ended[i]!),
  });
  const series = readSeries(db, spans, allRuns, options);
  for (const [name, rows] of Object.entries({ lanes, runs: allRuns, series })) {
    json.write(`${name === "lanes" ? "}" : ""},"${name}":`);
    json.list(rows.map((row) => JSON.stringify(row)));
  }
  json.write(',"texts":');
  json.list(codes.texts().map((text) => JSON.stringify(text)));
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
  tasks: TaskColumns,
  texts: TextNumbers,
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
  for (let i = 0; i < tasks.length; i++) {
    extend(
      texts.text(tasks.run[i]!),
      timeAt(tasks.submitted, i),
      timeAt(tasks.ended, i),
    );
  }
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
  tasks: TaskColumns,
  runs: readonly StreamRun[],
  texts: TextNumbers,
): Bar[] {
  const ran = new PairNumbers();
  for (const { run, task } of attempts) {
    if (run === null || task === null) continue;
    ran.number(texts.number(run), texts.number(task));
  }
  const ends = new Map(runs.map(({ run, ended }) => [run, ended]));
  const textOf = (number: number) => number === 0 ? null : texts.text(number);
  const bars: Bar[] = [];
  for (let i = 0; i < tasks.length; i++) {
    if (ran.known(tasks.run[i]!, tasks.task[i]!) !== 0) continue;
    const [run, tries] = [texts.text(tasks.run[i]!), tasks.tries[i]!];
    const submitted = timeAt(tasks.submitted, i);
    const launched = timeAt(tasks.launched, i);
    const ended = timeAt(tasks.ended, i);
    const end = ended ?? ends.get(run);
    if (end === undefined) continue;
    const isEnded = ended !== null;
    // Without a launch it never had a place to be in.
    const start = isEnded ? Math.min(launched ?? end, end) : end;
    bars.push({
      ...nowhere,
      run,
      executor: textOf(tasks.executor[i]!),
      app: textOf(tasks.app[i]!),
      task: textOf(tasks.task[i]!),
      try: tries > 0 ? String(tries - 1) : null,
      start,
      end,
      since: isEnded ? start : Math.min(launched ?? submitted ?? end, end),
      outcome: isEnded ? outcomeOf(textOf(tasks.state[i]!)) : "not ended",
    });
  }
  return bars;
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
