import { openCampaign } from "dnpc/campaign";
import * as questions from "dnpc/questions";
import { openDatabase, type Row, type Sql, sql } from "dnpc/sql";
import assert from "node:assert/strict";
import {
  exportFixtures,
  fixture,
  partitionsOf,
  temporaryFolder,
} from "./campaigns.ts";

const launched = "parsl.rundir.try/launched";
const done = "parsl.rundir.try/exec_done";
const task = "parsl.rundir.task";
const worker = "parsl.executor.htex.worker.task";

/** Those whose rows have no order, or that of spans, which differs. */
const unordered = /^nestedSpans|^relatedTypes/;

/** Questions that are queries. */
const asked: Record<string, Sql> = {
  "eventsOf tasks": questions.eventsOf(task),
  "eventsOf named events of a run": questions.eventsOf(task, {
    events: "named",
    run: "001",
  }),
  "eventsOf workers, which step has not": questions.eventsOf(
    "parsl.executor.htex.worker",
  ),
  "eventsOf some tries": questions.eventsOf(sql`SELECT id FROM span
    WHERE type = 'parsl.rundir.try' AND attributes ->> 'try' = '0'`),
  steps: questions.steps(task),
  "steps of some events": questions.steps("parsl.rundir.try", {
    eventTypes: ["launched", "exec_done"],
    run: "000",
  }),
  nestedSpans: questions.nestedSpans(task),
  "nestedSpans of a run": questions.nestedSpans("parsl.rundir.workflow", {
    run: "000",
  }),
  timesBetween: questions.timesBetween({ from: launched, to: done }),
  "timesBetween, each, of tasks": questions.timesBetween({
    from: launched,
    to: done,
    root: task,
    which: "each",
    run: "001",
  }),
  "timesBetween by app and host": questions.timesBetween({
    from: launched,
    to: `${worker}/worker_received_task`,
    by: ["app", "host", "run"],
  }),
  "timesBetween until last known": questions.timesBetween({
    from: launched,
    to: `${worker}/worker_completed_task`,
    unfinished: "until last known",
  }),
  "timesBetween of workers' tasks": questions.timesBetween({
    from: `${worker}/worker_received_task`,
    to: `${worker}/worker_completed_task`,
  }),
  spansBetween: questions.spansBetween({ from: launched, to: done }),
  "spansBetween by executor": questions.spansBetween({
    from: launched,
    to: done,
    by: "executor",
    run: "000",
  }),
  eventCounts: questions.eventCounts({ event: done }),
  "eventCounts per second": questions.eventCounts({
    event: done,
    per: 1,
    by: ["run", "executor"],
  }),
  statesOverTime: questions.statesOverTime("parsl.rundir.try"),
  "statesOverTime of monitoring": questions.statesOverTime(
    "parsl.monitoring.try",
    { run: "000" },
  ),
  "statesOverTime in an order": questions.statesOverTime(task, {
    order: ["launched", "exec_done"],
  }),
  "statesOverTime by cores": questions.statesOverTime("parsl.monitoring.try", {
    weight: "psutil_process_memory_resident",
  }),
  whereIsEveryTask: questions.whereIsEveryTask(),
  "whereIsEveryTask in a run": questions.whereIsEveryTask({ run: "001" }),
  spanTypes: questions.spanTypes(),
  "spanTypes of a run": questions.spanTypes({ run: "000" }),
  relatedTypes: questions.relatedTypes(),
  taskDependencies: questions.taskDependencies(),
  spanLinks: questions.spanLinks(task, "depends"),
};

const set = "multi-htex.tar.gz";

Deno.test("Campaign.query() answers every question that is SQL as a database does", async (t) => {
  await using folder = await temporaryFolder();
  const dir = `${folder.path}/campaign`;
  await exportFixtures(dir, set);
  using db = await openDatabase(await fixture(set), { readOnly: true });
  using campaign = await openCampaign(dir);
  const text = "SELECT id, type || ' ' || key AS name FROM span";
  const names = (rows: readonly Row[]) =>
    new Map(rows.map(({ id, name }) => [id, name]));
  const inDatabase = names(db.query(text));
  const inCampaign = names(await campaign.query(text));
  assert.equal(inCampaign.size, inDatabase.size);
  for (const [name, question] of Object.entries(asked)) {
    await t.step(name, async () => {
      const expected = db.query(question);
      const found = await campaign.query(question);
      assert.ok(expected.length > 0);
      assert.deepEqual(Object.keys(found[0]!), Object.keys(expected[0]!));
      const both = [plain(found, inCampaign), plain(expected, inDatabase)];
      const [a, b] = unordered.test(name)
        ? both.map((rows) => rows.map((row) => JSON.stringify(row)).sort())
        : both.map(inOrderOfRuns);
      if (unordered.test(name)) assert.deepEqual(a, b);
      else assertSame(a as Row[], b as Row[]);
    });
  }
});

/** Rows with the names of their spans, without ids of events. */
function plain(rows: readonly Row[], names: Map<unknown, unknown>): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => name !== "event_id").map((
        [name, value],
      ) => [
        name,
        /^(root|span|task|listed|depends_on)_id$/.test(name) && value !== null
          ? names.get(value) as string
          : value,
      ]),
    )
  );
}

/** Which of two runs has the lower ids differs. */
const inOrderOfRuns = (rows: readonly Row[]): Row[] => {
  const key = (row: Row) => `${row.run}`;
  return rows.toSorted((a, b) => key(a) < key(b) ? -1 : +(key(a) > key(b)));
};

/** Numbers are equal to 1e-9. */
function assertSame(found: readonly Row[], expected: readonly Row[]): void {
  assert.equal(found.length, expected.length);
  for (const [i, row] of expected.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const other = found[i]![name];
      const isSame = typeof value === "number" && typeof other === "number"
        ? Math.abs(value - other) <= 1e-9 * Math.max(1, Math.abs(value))
        : value === other;
      assert.ok(isSame, `row ${i}: ${name} is ${other}, not ${value}`);
    }
  }
}

Deno.test("openCampaign() reads runs of two campaigns that were copied together", async () => {
  await using folder = await temporaryFolder();
  const [one, two] = [`${folder.path}/one`, `${folder.path}/two`];
  // Runs with monitoring and without, of two versions of Parsl.
  await exportFixtures(one, "tz/runinfo");
  await exportFixtures(two, "htex-head/runinfo");
  for (const run of partitionsOf(two)) {
    await Deno.rename(`${two}/${run}`, `${one}/${run}`);
  }
  using campaign = await openCampaign(one);
  // Both were 000 before.
  assert.deepEqual([...campaign.runs].sort(), [
    "htex-head/runinfo/000",
    "tz/runinfo/000",
  ]);
  // grep -c "launched on executor" in either parsl.log
  const rows = await campaign.query(sql`
    SELECT run, count(*) AS launched FROM (${questions.eventsOf(task)})
    WHERE event_type = 'launched' AND span_type = 'parsl.rundir.try'
    GROUP BY run ORDER BY run`);
  assert.deepEqual([...rows], [
    { run: "htex-head/runinfo/000", launched: 3 },
    { run: "tz/runinfo/000", launched: 65 },
  ]);
  const [{ tasks }] = await campaign.query<{ tasks: number }>(
    "SELECT count(*) AS tasks FROM monitoring_task",
  ) as [{ tasks: number }];
  assert.equal(tasks, 62);
});

Deno.test("openCampaign() names what is damaged or not complete, and leaves it out", async () => {
  await using folder = await temporaryFolder();
  const dir = `${folder.path}/campaign`;
  await exportFixtures(dir, set, "tz/runinfo");
  const [first, second, third] = partitionsOf(dir);
  await Deno.truncate(`${dir}/${first}/step.parquet`, 100);
  await Deno.rename(`${dir}/${second}`, `${dir}/.${second}.1234.tmp`);
  const told: string[] = [];
  using campaign = await openCampaign(dir, { warn: (text) => told.push(text) });
  assert.equal(campaign.runs.length, 1);
  assert.deepEqual(campaign.leftOut.map(({ name }) => name), [
    `.${second}.1234.tmp`,
    first,
  ]);
  assert.match(
    told[0]!,
    /is left out: it is not complete: an import was ended/,
  );
  assert.match(
    told[1]!,
    new RegExp(`^${dir}/${first} is left out: step.parquet has 100 bytes inst`),
  );
  // Damage that no length shows.
  const file = `${dir}/${third}/event.parquet`;
  const bytes = await Deno.readFile(file);
  await Deno.writeFile(file, new Uint8Array(bytes.length));
  await assert.rejects(
    campaign.query("SELECT count(*) FROM event"),
    /event.parquet/,
  );
});

Deno.test("openCampaign() refuses a directory without runs", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(
    openCampaign(folder.path),
    /has no runs: `dnpc import RUNS --to parquet/,
  );
});

Deno.test("Campaign.query() refuses unknown names with the nearest", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  using campaign = await openCampaign(folder.path);
  const between = (from: string, run?: string) =>
    campaign.query(questions.timesBetween({ from, to: done, run }));
  await assert.rejects(
    between("parsl.rundir.try/lanched"),
    /has no event "lanched". Did you mean launched?/,
  );
  await assert.rejects(between(launched, "007"), /there is no run "007"/);
  await assert.rejects(
    campaign.query(questions.timesBetween({
      from: launched,
      to: done,
      by: "aps",
    })),
    /there is no "aps" to group by/,
  );
  await assert.rejects(
    campaign.query("SELECT * FROM spann"),
    /Did you mean "span/,
  );
  campaign.close();
  await assert.rejects(campaign.query("SELECT 1"), /the campaign is closed/);
});

Deno.test("Campaign.query() gives numbers as a database does, and binds values", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  using campaign = await openCampaign(folder.path);
  const hostile = `'; DROP TABLE span; -- "`;
  const [row] = await campaign.query(
    sql`SELECT ${1} AS one, ${0.1} AS part, ${hostile} AS text, 1 = 1 AS yes,
      ${2n ** 60n} AS large, ${null} AS none, sum(1) AS sum,
      percentile(x, 95) AS p95, median(x) AS half, '{"a":"b"}' ->> 'a' = 'b' AS b
    FROM (SELECT unnest(range(101)) AS x)`,
  );
  assert.deepEqual({ ...row }, {
    one: 1,
    part: 0.1,
    text: hostile,
    yes: 1,
    large: 2n ** 60n,
    none: null,
    sum: 101,
    p95: 95,
    half: 50,
    b: 1,
  });
  const table = await campaign.table("SELECT type FROM span WHERE type = ?", [
    task,
  ]);
  assert.equal(table.numRows(), 62);
});
