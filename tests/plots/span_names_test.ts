import {
  type Chart,
  lifelines,
  lifelinesOf,
  phasesOf,
  timeline,
} from "dnpc/plots";
import { importRuninfo } from "dnpc/importers";
import {
  attempts,
  eventsOf,
  statesOverTime,
  timesBetween,
  whereIsEveryTask,
  workerActivity,
} from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { keptImport } from "../importers/kept_imports.ts";

const runinfo = "tests/fixtures/tz/runinfo";

const imported = () =>
  keptImport(
    "tz",
    (db) => importRuninfo(db, runinfo, { timeZone: "America/New_York" }),
  );

/** The app of each task, as parsl.log reports it. */
const apps = new Map(
  Deno.readTextFileSync(`${runinfo}/000/parsl.log`)
    .matchAll(/Task (\d+) submitted for App (\w+)/g)
    .map(([, task, app]) => [task!, app!]),
);

Deno.test("questions about spans give the task, the try and the app of each", async () => {
  assert.equal(apps.size, 62);
  using db = await openDatabase((await imported()).path);
  const from = "parsl.rundir.try/launched";
  for (
    const [query, hasTry] of [
      [whereIsEveryTask(), false],
      [statesOverTime("parsl.rundir.try"), true],
      [statesOverTime("parsl.rundir.task"), false],
      [eventsOf("parsl.rundir.try"), true],
      [timesBetween({ from, to: "parsl.rundir.try/running" }), true],
      [timesBetween({ from, to: "parsl.rundir.try/running", by: "app" }), true],
    ] as const
  ) {
    const rows = db.query<Record<string, unknown>>(query);
    const found = new Map(rows.map(({ task, app }) => [task, app]));
    for (const [task, app] of found) assert.equal(app, apps.get(String(task)));
    assert.ok(found.size >= 57, `${found.size}`);
    assert.equal(rows.some((row) => row.try != null), hasTry);
  }
});

/** The names on the y axis and in the tips of a chart. */
function namesIn({ options }: Chart): string[] {
  const panels = options.panels?.flatMap(({ plots }) => plots) ?? [options];
  return panels.flatMap(({ y, tips }) => {
    const { ticks, tickFormat } = y as {
      ticks: number[];
      tickFormat: (tick: number) => string;
    };
    return [
      ...ticks.map((tick) => tickFormat(tick)),
      ...tips!().map(({ text }) => text.split("\n")[0]!),
    ];
  });
}

Deno.test("timeline() names tasks and tries by their numbers and apps", async () => {
  using db = await openDatabase((await imported()).path);
  const places = db.query(whereIsEveryTask());
  const tries = db.query(statesOverTime("parsl.rundir.try"));
  for (
    const [chart, pattern] of [
      [timeline(places), /^task (\d+), (\w+?)(?:…| and \d+ more)?$/],
      [timeline(tries), /^task (\d+), (\w+), try \d(?: and \d+ more)?$/],
      [timeline(phasesOf(places)), /^task (\d+), (\w+?)(?:…| and \d+ more)?$/],
      [
        timeline(attempts(db), { line: "task", phase: "outcome" }),
        /^task (\d+), (\w+?)(?:…| and \d+ more)?$/,
      ],
    ] as const
  ) {
    const names = namesIn(chart);
    assert.ok(names.length > 80, `${names.length}`);
    for (const name of names) {
      const [, task, app] = pattern.exec(name) ?? assert.fail(name);
      assert.ok(apps.get(task!)!.startsWith(app!), name);
    }
  }
  assert.equal(
    timeline(places).options.title,
    "When was each task in which state?",
  );
});

Deno.test("lifelines() names the slowest tasks, and their run if there are several", async () => {
  using db = await openDatabase((await imported()).path);
  const places = db.query(whereIsEveryTask());
  const { caption, options } = lifelines(places);
  const [, task, app] = /Slowest: task (\d+), (\w+) \(/.exec(caption)!;
  assert.equal(apps.get(task!), app);
  assert.equal(options.title, "How long did each task take to each step?");
  const later = places.map((row) => ({
    ...row,
    root_id: `b ${row.root_id}`,
    run: "001",
    time: Number(row.time) + 1000,
  }));
  const both = lifelines([...places, ...later]).caption;
  assert.match(both, /Slowest: task \d+, \w+, run 00\d \(/);
});

Deno.test("timeline() names workers by their block and host", async () => {
  using db = await openDatabase((await imported()).path);
  const rows = workerActivity(db);
  const host = rows[0]!.host!;
  const names = new Set(
    namesIn(timeline(rows, { line: "worker", phase: "state" })),
  );
  assert.ok(names.has(`worker 0 of block 0 on ${host}`), [...names].join());
});

Deno.test("charts give spans without names their place in the rows, not their number in the database", () => {
  const rows = ["pending", "running", "done"].flatMap((state, i) =>
    [7001, 7002, 7003].map((root_id) => ({ root_id, time: i + root_id, state }))
  );
  for (const chart of [timeline(rows), lifelines(rows)]) {
    assert.doesNotMatch(chart.svg + chart.caption, /\b700\d\b/);
  }
  assert.ok(namesIn(timeline(rows)).includes("2nd span"));
  assert.deepEqual(lifelinesOf(rows).spans, [
    "1st span",
    "2nd span",
    "3rd span",
  ]);
  // The user's own names and numbers stay.
  const named = rows.map(({ root_id, ...row }) => ({ ship: root_id, ...row }));
  assert.deepEqual(lifelinesOf(named).spans, ["7001", "7002", "7003"]);
});
