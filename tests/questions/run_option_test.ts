import { importHtexLogs, importRuninfo } from "dnpc/importers";
import {
  attempts,
  blocks,
  bottleneck,
  criticalPath,
  durationsBy,
  eventCounts,
  eventsOf,
  findRun,
  memoryOverTime,
  queueLengths,
  resourceUse,
  spansBetween,
  statesOverTime,
  steps,
  story,
  taskDependencies,
  taskGraph,
  timesBetween,
  utilisation,
  whereIsEveryTask,
  workerActivity,
  workerIdleTime,
  workerTime,
} from "dnpc/questions";
import { openDatabase, type Sql } from "dnpc/sql";
import { strict as assert } from "node:assert";

const questions = {
  attempts,
  blocks,
  bottleneck,
  criticalPath,
  durationsBy,
  memoryOverTime,
  queueLengths,
  resourceUse,
  taskGraph,
  utilisation,
  workerActivity,
  workerIdleTime,
  workerTime,
};

for (const [name, question] of Object.entries(questions)) {
  Deno.test(`${name}() takes any unique part of a run's id or directory`, async () => {
    using db = await openDatabase();
    for (const set of ["tz", "wq"]) {
      await importRuninfo(db, `tests/fixtures/${set}/runinfo`);
    }
    // grep "Run id is" parsl.log
    const run = "8b02009a-662b-47a8-8ae8-abfaf19f296a";
    const rows = question(db, { run });
    assert.notDeepEqual(rows, question(db));
    for (const part of ["8b02009a", "tz/runinfo/000"]) {
      assert.deepEqual(question(db, { run: part }), rows);
    }
    assert.throws(() => question(db, { run: "000" }), /"000" matches 2 runs/);
    assert.throws(() => question(db, { run: "001" }), {
      name: "RangeError",
      message: /^there is no run "001"\. The runs are .*tz\/runinfo\/000/,
    });
  });
}

Deno.test("utilisation() finds a run without a parsl.log by its directory", async () => {
  using db = await openDatabase();
  await importHtexLogs(db, "tests/fixtures/tz/runinfo", { timeZone: "UTC" });
  assert.equal(utilisation(db, { run: "000", by: "worker" }).length, 2);
});

const runs = {
  // grep "Run id is" parsl.log
  "000": "edeb1429-5b59-4b4d-9dfe-188e8a10c5f1",
  "001": "9fc3cf4b-a03f-4c18-a227-07de94f8c421",
};

const launched = "parsl.rundir.try/launched";
const done = "parsl.rundir.try/exec_done";
const inRuns: Record<string, (run?: string) => Sql> = {
  timesBetween: (run) => timesBetween({ from: launched, to: done, run }),
  spansBetween: (run) => spansBetween({ from: launched, to: done, run }),
  statesOverTime: (run) => statesOverTime("parsl.rundir.try", { run }),
  eventsOf: (run) => eventsOf("parsl.rundir.task", { run }),
  steps: (run) => steps("parsl.rundir.task", { run }),
  eventCounts: (run) => eventCounts({ event: launched, run, per: 1 }),
  whereIsEveryTask: (run) => whereIsEveryTask({ run }),
  taskDependencies: (run) => taskDependencies({ run }),
};

Deno.test("queries of one run have its rows, with its label", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  for (const [name, query] of Object.entries(inRuns)) {
    const all = db.query(query());
    const own = Object.keys(runs).map((run) => db.query(query(run)));
    own.forEach((rows, i) => {
      assert.ok(rows.length > 0, name);
      assert.ok(rows.every(({ run }) => run === `00${i}`), name);
    });
    assert.equal(own[0]!.length + own[1]!.length, all.length, name);
    assert.throws(() => db.query(query("002")), /no run "002"/);
  }
  // grep -c "launched on executor" parsl.log
  for (const [run, count] of [["000", 126], ["001", 166]] as const) {
    const rows = db.query<{ count: number }>(inRuns.eventCounts!(run));
    assert.equal(rows.reduce((sum, row) => sum + row.count, 0), count);
  }
});

Deno.test("eventCounts() has bins from the first to the last event of each run", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  const rows = db.query<{ run: string; time: number }>(
    eventCounts({ event: launched, per: 1 }),
  );
  const [first, second] = Map.groupBy(rows, ({ run }) => run).values();
  // Seven minutes lie between the runs.
  assert.ok(second![0]!.time - first!.at(-1)!.time > 300);
});

Deno.test("findRun() takes no part of an id that is shorter than four characters", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  assert.equal(findRun(db, "edeb").run, runs["000"]);
  assert.throws(() => findRun(db, "ede"), /no run "ede"/);
});

Deno.test("findRun() prefers a label to the directory of an earlier run", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  // As after a second run in the directory of the first one.
  db.run(`UPDATE span
    SET attributes = json_set(attributes, '$.directory', '/home/runinfo/000')
    WHERE type = 'parsl.monitoring.workflow'`);
  for (const [label, run] of Object.entries(runs)) {
    assert.equal(findRun(db, label).run, run);
  }
});

Deno.test("story() takes the label of a run", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  for (const [label, run] of Object.entries(runs)) {
    const events = story(db, { run: label, task: 79 });
    assert.deepEqual(new Set(events.map(({ run }) => run)), new Set([label]));
    assert.deepEqual(story(db, { run, task: 79 }), events);
    assert.deepEqual(story(db, { task: "79" }, { run: label }), events);
  }
  assert.throws(() => story(db, { run: "002", task: 79 }), RangeError);
});

for (
  const [name, question] of Object.entries({
    attempts,
    blocks,
    bottleneck,
    queueLengths,
    utilisation,
    workerActivity,
    workerIdleTime,
    workerTime,
  })
) {
  Deno.test(`${name}() lists the executors if it is given another`, async () => {
    using db = await openDatabase();
    await importRuninfo(db, "tests/fixtures/wq/runinfo");
    assert.throws(() => question(db, { executor: "no such" }), {
      name: "RangeError",
      // ls wq/runinfo/000
      message: 'there is no executor "no such". There are WorkQueueExecutor, ' +
        "_parsl_internal",
    });
  });
}
