import { exportCampaign, openCampaign } from "dnpc/campaign";
import * as questions from "dnpc/questions";
import { createSchema, insertRows, openDatabase, sql } from "dnpc/sql";
import assert from "node:assert/strict";
import { assertAnswers, done, launched, task } from "./asked.ts";
import {
  exportFixtures,
  fixture,
  partitionsOf,
  temporaryFolder,
} from "./campaigns.ts";

const set = "multi-htex.tar.gz";

Deno.test("Campaign.query() answers every question that is SQL as a database does", async (t) => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, set);
  using db = await openDatabase(await fixture(set), { readOnly: true });
  using campaign = await openCampaign(folder.path);
  await assertAnswers(t, campaign, db, () => true);
});

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
  // A killed import left this; another one has written the run.
  await Deno.mkdir(`${dir}/.${first}.5678.tmp`);
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
    campaign.query("SELECT min(time), max(attributes) FROM event"),
    /event.parquet is damaged: move its directory away, or import/,
  );
});

Deno.test("Campaign.query() names a file in which one bit has changed", async () => {
  await using folder = await temporaryFolder();
  const dir = folder.path;
  await exportFixtures(dir, "tz/runinfo");
  const file = `${dir}/${partitionsOf(dir)[0]}/span.parquet`;
  const bytes = await Deno.readFile(file);
  // The last bytes describe the file.
  const end = new DataView(bytes.buffer).getInt32(bytes.length - 8, true) + 8;
  // The first four bytes are the file's magic number.
  for (let i = 4; i < bytes.length - end; i += 1009) {
    const damaged = bytes.slice();
    damaged[i]! ^= 1 << i % 8;
    await Deno.writeFile(file, damaged);
    using campaign = await openCampaign(dir);
    await assert.rejects(
      campaign.query("SELECT max(columns(*)) FROM span"),
      /span.parquet is damaged: move its directory away/,
      `byte ${i}`,
    );
  }
});

Deno.test("openCampaign() says what the directory is instead", async () => {
  await using folder = await temporaryFolder();
  const dir = `${folder.path}/campaign`;
  await exportFixtures(dir, "tz/runinfo");
  const [run] = partitionsOf(dir);
  const refuses = (path: string, reason: RegExp) =>
    assert.rejects(openCampaign(path), reason);
  await refuses(`${dir}s`, /^RangeError: there is no .*campaigns/);
  await refuses(undefined!, /^TypeError: .* give its path, not undefined/);
  const refusesOption = (options: object, reason: RegExp) =>
    assert.rejects(openCampaign(dir, options), reason);
  await refusesOption(
    { memory: "lots" },
    /^RangeError: memory is .*"1.5GB", no/,
  );
  await refusesOption({ threads: 0 }, /^RangeError: threads is a whole number/);
  await refuses(`${dir}/${run}/step.parquet`, /a campaign, which is a direct/);
  await refuses(
    `${dir}/${run}`,
    /is one run of a campaign: open the directory/,
  );
  // A copy, and a file that has the right length.
  await Deno.mkdir(`${dir}/run=copy`);
  for (const { name } of Deno.readDirSync(`${dir}/${run}`)) {
    await Deno.copyFile(`${dir}/${run}/${name}`, `${dir}/run=copy/${name}`);
  }
  await refuses(dir, /run=copy are the same run: remove one of them/);
  await Deno.remove(`${dir}/run=copy`, { recursive: true });
  const file = `${dir}/${run}/span.parquet`;
  await Deno.writeFile(file, new Uint8Array((await Deno.stat(file)).size));
  await refuses(dir, /^DatabaseError: .*span.parquet is damaged: move its/);
});

Deno.test("Campaign.query() reads the files of one run for a question about it", async () => {
  await using folder = await temporaryFolder();
  const dir = folder.path;
  await exportFixtures(dir, set);
  using db = await openDatabase(await fixture(set), { readOnly: true });
  // The other run has lost its rows; the last bytes of a file describe them.
  const other = partitionsOf(dir).find((name) => name.includes("edeb1429"));
  for (const table of ["step", "span", "event", "metric", "subspan", "facet"]) {
    const file = `${dir}/${other}/${table}.parquet`;
    const bytes = Deno.readFileSync(file);
    const end = new DataView(bytes.buffer).getInt32(bytes.length - 8, true) + 8;
    Deno.writeFileSync(file, bytes.fill(0, 4, bytes.length - end));
  }
  using campaign = await openCampaign(dir);
  const run = "001";
  for (
    const question of [
      questions.eventsOf("parsl.executor.htex.worker", { run }),
      questions.nestedSpans("parsl.rundir.workflow", { run }),
      questions.timesBetween({ from: launched, to: done, by: "app", run }),
      questions.timesBetween({
        from: launched,
        to: done,
        unfinished: "until last known",
        run,
      }),
      questions.spansBetween({ from: launched, to: done, run }),
      questions.eventCounts({ event: done, run }),
      questions.whereIsEveryTask({ run }),
      questions.spanTypes({ run }),
      questions.taskDependencies({ run }),
    ]
  ) {
    const rows = await campaign.query(question);
    assert.equal(rows.length, db.query(question).length);
  }
  await assert.rejects(
    campaign.query("SELECT min(type) FROM event"),
    /damaged/,
  );
});

Deno.test("spanLinks() links spans of one run of a campaign, though runs have equal keys", async () => {
  await using folder = await temporaryFolder();
  for (const run of ["morning", "evening"]) {
    using db = await openDatabase();
    createSchema(db);
    insertRows(db, "span", ["type", "key", "attributes"], [
      ["task", "/app/1", JSON.stringify({ run })],
      ["task", "/app/2", JSON.stringify({ run, depends: ["1"] })],
    ]);
    exportCampaign(db, folder.path);
  }
  using campaign = await openCampaign(folder.path);
  const rows = await campaign.query(sql`
    SELECT listed, a.run AS run, b.run AS listed_run
    FROM (${questions.spanLinks("task", "depends")})
      JOIN span AS a ON a.id = span_id JOIN span AS b ON b.id = listed_id
    ORDER BY 2`);
  assert.deepEqual([...rows], [
    { listed: "1", run: "evening", listed_run: "evening" },
    { listed: "1", run: "morning", listed_run: "morning" },
  ]);
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
  // The only run needs no name.
  (await campaign.database()).close();
  await assert.rejects(
    campaign.query(undefined!),
    /the SQL is text, or made by/,
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
