import { runs } from "../questions/mod.ts";
import { type Database, TextNumbers } from "../sql/mod.ts";
import {
  addTasks,
  type Bars,
  type BarText,
  inOrder,
  readBars,
  readTasks,
  type Tasks,
} from "./bars.ts";
import { Dictionary } from "./columns.ts";
import { assignLanes } from "./lanes.ts";
import { PackedJson } from "./packed_json.ts";
import { readSeries, type StreamRun } from "./series.ts";
import type { Spans } from "./spans.ts";

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
  const texts = new TextNumbers();
  const bars = readBars(db, spans, options, texts);
  const allTasks = readTasks(db, options, texts);
  const allRuns = streamRuns(db, bars, allTasks, known, run);
  const taskOrder = inOrder(allTasks);
  addTasks(bars, allTasks, taskOrder, allRuns);
  const order = bars.orderBy("start");
  const { lanes, laneOf } = assignLanes(db, bars, order, allRuns, options);
  const codes = new Dictionary(texts);
  const json = new PackedJson();
  const origin = allRuns[0]?.began ?? 0;
  // Without a time NaN.
  const micros = (time: number | null) =>
    Math.round(((time ?? NaN) - origin) * 1e6);
  const columns = (
    rows: Int32Array,
    valuesOf: Record<string, (row: number) => number>,
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
  const codeOf = (name: BarText) => (row: number) =>
    codes.indexOfNumber(bars.textNumber(row, name));
  const start = (row: number) => micros(bars.number(row, "start"));
  columns(order, {
    start: (row) => -before + (before = start(row)),
    seconds: (row) => micros(bars.number(row, "end")) - start(row),
    waited: (row) => start(row) - micros(bars.number(row, "since")),
    lane: (row) => laneOf[row]!,
    app: codeOf("app"),
    outcome: codeOf("outcome"),
    task: codeOf("task"),
    try: codeOf("try"),
    executor_task: codeOf("executor_task"),
    ran: (row) => Number(bars.number(row, "span_id") !== null),
  });
  json.write('},"tasks":{');
  const code = (name: "run" | "task" | "app" | "state") => (row: number) =>
    codes.indexOfNumber(allTasks.textNumber(row, name));
  const time = (name: "submitted" | "launched" | "ended") => (row: number) =>
    micros(allTasks.number(row, name));
  columns(taskOrder, {
    run: code("run"),
    task: code("task"),
    app: code("app"),
    state: code("state"),
    submitted: time("submitted"),
    launched: time("launched"),
    ended: time("ended"),
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

/** The runs in the order of their beginning. */
function streamRuns(
  db: Database,
  bars: Bars,
  tasks: Tasks,
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
  for (let row = 0; row < bars.length; row++) {
    const { since, end } = bars.numbers(row, ["since", "end"]);
    extend(bars.text(row, "run"), since, end);
  }
  for (let row = 0; row < tasks.length; row++) {
    const { submitted, ended } = tasks.numbers(row, ["submitted", "ended"]);
    extend(tasks.text(row, "run"), submitted, ended);
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
