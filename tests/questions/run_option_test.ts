import { importHtexLogs, importRuninfo } from "dnpc/importers";
import {
  attempts,
  blocks,
  bottleneck,
  criticalPath,
  durationsBy,
  findRun,
  memoryOverTime,
  queueLengths,
  resourceUse,
  story,
  taskGraph,
  utilisation,
  workerActivity,
  workerIdleTime,
  workerTime,
} from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
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
