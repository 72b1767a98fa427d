import { openCampaign, openRun } from "dnpc/campaign";
import * as questions from "dnpc/questions";
import { report } from "dnpc/report";
import { type Database, openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import {
  exportFixtures,
  fixture,
  partitionsOf,
  temporaryFolder,
} from "./campaigns.ts";

/** Questions that need a database, each with the answer as JSON has it: ids of
 * spans begin with 1 again. */
const answers = (db: Database, run: string): Record<string, unknown> => {
  const rows = {
    runs: questions.runs(db, { run }),
    summary: questions.summary(db, { run }),
    failures: questions.failures(db, { run }),
    tasks: questions.tasks(db, { run }),
    workerTime: questions.workerTime(db, { run }),
    attempts: questions.attempts(db, { run }),
    blocks: questions.blocks(db, { run }),
    bottleneck: questions.bottleneck(db, { run }),
    criticalPath: questions.criticalPath(db, { run }),
    coverage: questions.coverage(db, { run }),
    logVolume: questions.logVolume(db, { run }),
  };
  return JSON.parse(JSON.stringify(
    rows,
    (name, value) => name.endsWith("_id") ? undefined : value,
  ));
};

Deno.test("openRun() has every table as it was exported", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  using original = await openDatabase(await fixture("tz/runinfo"), {
    readOnly: true,
  });
  const path = `${folder.path}/000.sqlite3`;
  using db = await openRun(folder.path, undefined, { path });
  const schema = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT " +
    "GLOB 'monitoring_*' ORDER BY name";
  assert.deepEqual([...db.query(schema)], [...original.query(schema)]);
  const tables = original.query<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN " +
      "('event_row', 'event_type', 'metric_row', 'metric_name') " +
      "UNION ALL VALUES ('event'), ('metric')",
  );
  assert.ok(tables.length > 15);
  for (const { name } of tables) {
    const rows = (db: Database) =>
      db.query(`SELECT * FROM "${name}"`).map((row) => JSON.stringify(row))
        .sort();
    assert.deepEqual(rows(db), rows(original), name);
  }
  // sqlite3 monitoring.db "SELECT count(*) FROM resource"
  const [{ samples }] = db.query<{ samples: number }>(
    "SELECT count(*) AS samples FROM monitoring_resource",
  ) as [{ samples: number }];
  assert.equal(samples, 99);
  await assert.rejects(
    openRun(folder.path, "000", { path }),
    /000.sqlite3 exists: name another file/,
  );
});

Deno.test("openRun() answers as the database of the run", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  using original = await openDatabase(await fixture("tz/runinfo"), {
    readOnly: true,
  });
  using db = await openRun(folder.path);
  assert.deepEqual(answers(db, "000"), answers(original, "000"));
  const story = (db: Database) => [...questions.story(db, { task: "3" })];
  assert.deepEqual(story(db), story(original));
  assert.equal(report(db), report(original));
});

Deno.test("Campaign.database() answers as a database of several runs about one", async () => {
  await using folder = await temporaryFolder();
  const set = "multi-htex.tar.gz";
  await exportFixtures(folder.path, set);
  using original = await openDatabase(await fixture(set), { readOnly: true });
  using campaign = await openCampaign(folder.path);
  using db = await campaign.database("001");
  assert.deepEqual(answers(db, "001"), answers(original, "001"));
  await assert.rejects(
    openRun(folder.path),
    /has 2 runs: name one, as in --run 000 or openRun\(dir, "000"\)/,
  );
  await assert.rejects(campaign.database("007"), /there is no run "007"/);
  // deno-lint-ignore no-explicit-any
  const asked: any = campaign;
  assert.throws(
    () => questions.workerTime(asked),
    /write workerTime\(await campaign.database\("000"\)\)/,
  );
  assert.throws(
    () => questions.whereIsEveryTask(asked),
    /write await campaign.query\(whereIsEveryTask\(...\)\)/,
  );
  assert.throws(
    () => questions.eventSequences(asked, "parsl.rundir.try"),
    /write await sequencesInCampaign\(campaign, ...\)/,
  );
});

Deno.test("openRun() labels a run as the campaign does, and knows one without Parsl", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo", "htex-head/runinfo");
  {
    using db = await openRun(folder.path, "htex-head/runinfo/000");
    const [run] = questions.runs(db);
    assert.equal(run!.run, "htex-head/runinfo/000");
    assert.equal(questions.tasks(db, { run: run!.run }).length, 3);
  }
  await exportFixtures(folder.path, "taskvine");
  using db = await openRun(folder.path, "colmena");
  assert.equal(questions.runs(db).length, 0);
  // Only the log of TaskVine's manager is there.
  assert.equal(db.query("SELECT path FROM source").length, 1);
});

Deno.test("openRun() names a damaged file", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  const [run] = partitionsOf(folder.path);
  const file = `${folder.path}/${run}/event.parquet`;
  const bytes = await Deno.readFile(file);
  await Deno.writeFile(file, bytes.fill(0, 4, 2000));
  await assert.rejects(openRun(folder.path), /event.parquet is damaged: /);
});
