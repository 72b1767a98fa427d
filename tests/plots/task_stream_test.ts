import { importRuninfo } from "dnpc/importers";
import { taskStream } from "dnpc/plots";
import { attempts } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";

const place = { run: "000", executor: "htex", block: "0" };
const rows = [
  { app: "top", start: 0, end: 2, outcome: "done", retried: 0 },
  { app: "left", start: 2, end: 5, outcome: "failed", retried: 1 },
  { app: "left", start: 4, end: 10, outcome: "lost", retried: 0 },
  { app: "left", start: 6, end: 7, outcome: "done", retried: 0 },
].map((row, task) => ({
  ...place,
  manager: "4c57a1f4c2bf",
  worker: String(task >> 1),
  task: String(task),
  try: "0",
  ...row,
}));

/** The texts under the pointer. */
const tipsOf = (chart: ReturnType<typeof taskStream>) =>
  (chart.options.tips ?? chart.options.panels![0]!.plots[0]!.tips)!()
    .map(({ text }) => text.split("\n"));

/** The bars in the drawing, which are strokes: lengths and heights in pixels. */
function barsOf(svg: string) {
  return [...svg.matchAll(/<path ([^>]*stroke="#\w+"[^>]*)\/>/g)]
    .filter(([, attributes]) => /d="M.*h/.test(attributes!))
    .flatMap(([, attributes]) => {
      const [, d] = /d="([^"]*)"/.exec(attributes!)!;
      const [, opacity = "1"] = /stroke-opacity="([^"]*)"/.exec(attributes!) ??
        [];
      let [x, y] = [0, 0];
      return [...d!.matchAll(/m(-?[\d.]+),?(-?[\d.]+)h([\d.]+)/gi)]
        .map(([move, dx, dy, length]) => {
          const isFirst = move.startsWith("M");
          x = Number(dx) + (isFirst ? 0 : x);
          y = Number(dy) + (isFirst ? 0 : y);
          x += Number(length);
          return { y: Math.round(y), length: Number(length), opacity };
        });
    });
}

Deno.test("taskStream() counts attempts, workers and outcomes", () => {
  const { caption } = taskStream(rows);
  assert.equal(
    caption,
    "4 attempts on 2 workers in 10 s: 2 done, 1 failed, 1 lost. 1 worker " +
      "has several attempts at once, in lanes.",
  );
});

// grep -c "Received executor task" over the logs of workers gives 68 in 8 files;
// two of these tasks have no "All processing finished", because a manager and its
// two workers were killed.
Deno.test("taskStream() draws the attempts of a run whose manager was killed", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/workers/htex-node-killed.tar.gz");
  const { caption, options } = taskStream(attempts(db));
  assert.match(caption, /^68 attempts on 8 workers in .*\b2 lost/);
  assert.ok(
    options.legend?.some(({ label }) => label === "lost (any app)"),
  );
});

Deno.test("taskStream() names the task, the worker and the outcome of a bar", () => {
  const tips = tipsOf(taskStream(rows));
  assert.deepEqual(tips[0], [
    "task 2, left, try 0",
    "worker 1 of block 0",
    "6 s from 4 s on, lost",
  ]);
  assert.deepEqual(tips[1], [
    "task 1, left, try 0",
    "worker 0 of block 0",
    "3 s from 2 s on, failed, retried",
  ]);
});

Deno.test("taskStream() names attempts of queues by the executor's numbers", () => {
  const tips = tipsOf(taskStream([
    { worker: "worker 7", executor_task: "12", start: 0, end: 1, task: null },
    { worker: "worker 8", executor_task: null, start: 0, end: 0.5, task: null },
  ]));
  assert.deepEqual(tips, [
    ["executor task 12", "worker 7", "1 s from 0 s on"],
    ["worker 8", "500 ms from 0 s on"],
  ]);
});

Deno.test("taskStream() colours apps, and failed and lost attempts apart", () => {
  const labelsOf = (options: object) =>
    taskStream(rows, options).options.legend?.map(({ label }) => label);
  assert.deepEqual(
    labelsOf({}),
    ["left", "top", "failed (any app)", "lost (any app)"],
  );
  assert.deepEqual(labelsOf({ colorBy: "outcome" }), [
    "done",
    "failed",
    "lost",
  ]);
  assert.deepEqual(labelsOf({ outcome: null }), ["left", "top"]);
  // Without apps, the outcome is all there is.
  const without = rows.map((row) => ({ ...row, app: null }));
  assert.deepEqual(
    taskStream(without).options.legend?.map(({ label }) => label),
    ["done", "failed", "lost"],
  );
});

Deno.test("taskStream() puts attempts at once in lanes, and groups workers", () => {
  const many = [0, 1, 2].flatMap((manager) =>
    rows.map((row) => ({ ...row, manager: `m${manager}` }))
  );
  const { svg } = taskStream(many);
  assert.match(svg, />manager m0: 2 workers, 4 attempts</);
  assert.match(svg, />↓ worker, by manager</);
  const bars = barsOf(svg);
  assert.equal(bars.length, 12);
  // One lane for worker 0 of each manager, and two for worker 1.
  assert.equal(new Set(bars.map(({ y }) => y)).size, 9);
});

Deno.test("taskStream() leaves out what long names have in common", () => {
  const { svg } = taskStream([0, 1, 2].map((thread) => ({
    worker: `ThreadPoolExecutor-threads_${thread}`,
    start: thread,
    end: 9,
  })));
  assert.match(svg, />2<\/text>/);
  assert.doesNotMatch(svg, /ThreadPool/);
});

Deno.test("taskStream() draws runs below each other, from their own starts", () => {
  const runs = rows.flatMap((row) => [
    row,
    { ...row, run: "001", start: row.start + 90, end: row.end + 90 },
  ]);
  const panels = taskStream(runs).options.panels!;
  assert.deepEqual(
    panels.map(({ heading, plots }) => [heading, plots[0]!.x?.domain]),
    [["run 000", [0, 10]], ["run 001", [90, 100]]],
  );
  // The axes lie below each other, whatever the names beside them.
  const [first, second] = taskStream(
    runs.map((row) => ({
      ...row,
      worker: row.worker.repeat(Number(row.run) * 9 + 1),
    })),
  ).options.panels!.map(({ plots }) => plots[0]!.marginLeft);
  assert.equal(first, second);
  assert.ok(first! > panels[0]!.plots[0]!.marginLeft!);
});

Deno.test("taskStream() is paler where workers were idle, if cells stand for attempts", () => {
  // For half of each second of the first 2,000, and all the time afterwards.
  const stream = Array.from({ length: 4000 }, (_, i) => ({
    worker: "a",
    start: i,
    end: i + (i < 2000 ? 0.5 : 1),
    app: "top",
  }));
  const { svg, caption } = taskStream(stream);
  assert.match(
    caption,
    /the colour of the attempts with the most time in it\. A cell less than 75% full is paler/,
  );
  const bars = Map.groupBy(
    barsOf(svg),
    ({ opacity }) => opacity,
  );
  const lengthOf = (opacity: string) =>
    (bars.get(opacity) ?? []).reduce((sum, { length }) => sum + length, 0);
  assert.ok(Math.abs(lengthOf("0.6") / lengthOf("1") - 1) < 0.02);
});

Deno.test("taskStream() says how many rows have no time, no end, or end before they start", () => {
  const { caption } = taskStream([
    { worker: "a", start: null, end: 5 },
    { worker: "a", start: 1, end: null },
    { worker: "b", start: 5, end: 3 },
  ]);
  assert.equal(
    caption,
    "2 attempts on 2 workers in 4 s. 1 attempt has no end: drawn to the end of " +
      "the data. 1 attempt ends before the start. 1 row without a time left out.",
  );
});

Deno.test("taskStream() names what is beside the attempts, and counts attempts alone", () => {
  const chart = taskStream([
    ...rows.map((row) => ({ ...row, state: "task", library: null })),
    { ...rows[0]!, state: "waiting", start: -2, end: 0, library: null },
    {
      ...rows[0]!,
      task: null,
      app: null,
      outcome: null,
      state: "library",
      start: 0,
      end: 10,
      library: "7",
    },
  ]);
  assert.match(
    chart.caption,
    /^4 attempts on 2 workers in 12 s: 2 done, 1 failed, 1 lost\. 2 workers have several of these at once/,
  );
  assert.deepEqual(
    chart.options.legend?.map(({ label }) => label).slice(-2),
    ["library", "waiting"],
  );
  const heads = tipsOf(chart).map(([head]) => head);
  assert.ok(heads.includes("library 7"));
  assert.ok(heads.includes("waiting"));
});

Deno.test("taskStream() shows failures among very many attempts, and tasks before libraries", () => {
  const many = Array.from({ length: 60_000 }, (_, i) => ({
    worker: String(i % 600),
    start: Math.floor(i / 600),
    end: Math.floor(i / 600) + 0.9,
    state: "task",
    app: "top",
    outcome: i % 50 === 0 ? "failed" : "done",
  }));
  const libraries = Array.from({ length: 600 }, (_, i) => ({
    ...many[i]!,
    start: 0,
    end: 100,
    state: "library",
    outcome: null,
  }));
  const { svg, caption } = taskStream([...many, ...libraries]);
  assert.match(
    caption,
    /rare attempts \(failed \(any app\)\) are always drawn/,
  );
  const fills = (svg.match(/stroke="#d55e00"/g) ?? []).length;
  assert.ok(fills > 0);
  assert.ok(svg.length < 300_000);
});
