import { exportCampaign } from "dnpc/campaign";
import { importRuninfo } from "dnpc/importers";
import { steps } from "dnpc/questions";
import { openDatabase, sql } from "dnpc/sql";
import { parquetMetadata } from "hyparquet";
import assert from "node:assert/strict";
import {
  exportFixtures,
  fixture,
  partitionsOf,
  readParquet,
  temporaryFolder,
} from "./campaigns.ts";

const tz = "run=8b02009a-662b-47a8-8ae8-abfaf19f296a";

Deno.test("exportCampaign() writes a directory per run, with a file per table", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo", "multi-htex.tar.gz");
  const runs = partitionsOf(folder.path);
  assert.equal(runs.length, 3);
  assert.ok(runs.includes(tz));
  for (const run of runs) {
    const files = partitionsOf(`${folder.path}/${run}`);
    for (
      const table of "step span event metric subspan facet run source".split(
        " ",
      )
    ) {
      assert.ok(files.includes(`${table}.parquet`), `${run}/${table}`);
    }
  }
});

Deno.test("exportCampaign() writes what the logs have", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  // grep -c "launched on executor" tests/fixtures/tz/runinfo/000/parsl.log
  const steps = await readParquet(folder.path, tz, "step");
  const launches = steps.filter((row) =>
    row.root_type === "parsl.rundir.task" && row.event_type === "launched" &&
    row.span_type === "parsl.rundir.try"
  );
  assert.equal(launches.length, 65);
  // sqlite3 monitoring.db "SELECT count(*) FROM status", task and resource
  for (
    const [table, rows] of [
      ["monitoring_status", 338],
      ["monitoring_task", 62],
      ["monitoring_resource", 99],
    ] as const
  ) {
    assert.equal((await readParquet(folder.path, tz, table)).length, rows);
  }
  const [run] = await readParquet(folder.path, tz, "run");
  assert.equal(`run=${run!.run_id}`, tz);
});

Deno.test("exportCampaign() writes the steps that steps() gives", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "multi-htex.tar.gz");
  using db = await openDatabase(await fixture("multi-htex.tar.gz"), {
    readOnly: true,
  });
  const columns = "root_type time span_type event_type nth named component " +
    "app executor block manager worker host";
  const plain = (row: Record<string, unknown>) =>
    columns.split(" ").map((name) => row[name] ?? null).join("\t");
  for (const type of ["parsl.rundir.task", "parsl.monitoring.try"]) {
    const expected = db.query(steps(type)).map(plain).sort();
    const written = [];
    for (const run of partitionsOf(folder.path)) {
      const rows = await readParquet(folder.path, run, "step");
      written.push(...rows.filter((row) => row.root_type === type));
    }
    assert.ok(expected.length > 1000);
    assert.deepEqual(written.map(plain).sort(), expected);
  }
});

Deno.test("exportCampaign() makes ids unique that are exact numbers, in all runs", async () => {
  await using folder = await temporaryFolder();
  // Two databases, whose ids begin at 1 each.
  await exportFixtures(folder.path, "tz/runinfo", "multi-htex.tar.gz");
  for (const table of ["span", "event", "metric", "source"]) {
    const ids: unknown[] = [];
    for (const run of partitionsOf(folder.path)) {
      const rows = await readParquet(folder.path, run, table);
      ids.push(...rows.map(({ id }) => id));
    }
    assert.ok(ids.length > 0, table);
    assert.equal(new Set(ids).size, ids.length, table);
    assert.ok(ids.every((id) => Number.isSafeInteger(Number(id))), table);
  }
  const spans = new Set<unknown>();
  for (const run of partitionsOf(folder.path)) {
    for (const { id } of await readParquet(folder.path, run, "span")) {
      spans.add(id);
    }
  }
  for (const run of partitionsOf(folder.path)) {
    for (const row of await readParquet(folder.path, run, "subspan")) {
      assert.ok(spans.has(row.superspan_id) && spans.has(row.subspan_id));
    }
  }
});

Deno.test("exportCampaign() keeps the rows of an app together, with statistics", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "tz/runinfo");
  const steps = await readParquet(folder.path, tz, "step");
  const tasks = steps.filter(({ root_type }) =>
    root_type === "parsl.rundir.task"
  );
  const apps = tasks.map(({ app }) => app ?? "");
  const changes = apps.filter((app, i) => app !== apps[i - 1]).length;
  assert.equal(changes, new Set(apps).size);
  const { buffer } = await Deno.readFile(`${folder.path}/${tz}/step.parquet`);
  const [group] = parquetMetadata(buffer).row_groups;
  for (const column of group!.columns) {
    const { path_in_schema, statistics } = column.meta_data!;
    if (path_in_schema[0] === "app") {
      assert.ok(statistics?.min_value !== undefined);
    }
  }
});

Deno.test("exportCampaign() writes a run once, and again after a change", async () => {
  await using folder = await temporaryFolder();
  const original = await fixture("tz/runinfo");
  const copy = `${folder.path}/copy.sqlite3`;
  await Deno.copyFile(original, copy);
  using db = await openDatabase(copy);
  const dir = `${folder.path}/campaign`;
  assert.deepEqual(exportCampaign(db, dir).added, ["000"]);
  const before = await Deno.stat(`${dir}/${tz}/step.parquet`);
  const again = exportCampaign(db, dir);
  assert.deepEqual([again.added, again.unchanged], [[], ["000"]]);
  assert.equal(String(again), `${dir}: 1 run already there`);
  const after = await Deno.stat(`${dir}/${tz}/step.parquet`);
  assert.equal(after.ino, before.ino);
  // A log that has grown.
  db.run(sql`UPDATE source SET bytes = bytes + 1
    WHERE path LIKE '%parsl.log'`);
  assert.deepEqual(exportCampaign(db, dir).replaced, ["000"]);
  assert.deepEqual(partitionsOf(dir), [tz]);
  assert.throws(
    () => exportCampaign(db, dir, { again: true, keep: new Set([tz]) }),
    /run 000 is in two imports/,
  );
});

Deno.test("exportCampaign() keeps a run's own logs when another run's log tells of it", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await new Deno.Command("tar", {
    args: ["xzf", "tests/fixtures/experiments/slow_tests.tar.gz", "-C", path],
  }).output();
  // One process that loads Parsl twice: both runs are in the first log.
  const logs = ["000", "001"].map((run) => `${path}/runinfo/${run}/parsl.log`);
  const later = await Deno.readTextFile(logs[1]!);
  await Deno.writeTextFile(logs[0]!, later, { append: true });
  const dir = `${path}/campaign`;
  const outcomes = [];
  for (const run of ["001", "000", "002", "000", "001"]) {
    using db = await openDatabase();
    await importRuninfo(db, `${path}/runinfo/${run}`, { progress: false });
    const { added, replaced, unchanged } = exportCampaign(db, dir);
    outcomes.push([added.length, replaced.length, unchanged.length]);
  }
  assert.deepEqual(outcomes, [
    [1, 0, 0],
    [1, 0, 1],
    [1, 0, 0],
    [0, 0, 2],
    [0, 0, 1],
  ]);
  // The other order ends with the same.
  await Deno.remove(dir, { recursive: true });
  for (const [run, expected] of [["000", [2, 0]], ["001", [0, 1]]] as const) {
    using db = await openDatabase();
    await importRuninfo(db, `${path}/runinfo/${run}`, { progress: false });
    const { added, replaced } = exportCampaign(db, dir);
    assert.deepEqual([added.length, replaced.length], expected);
  }
});

Deno.test("exportCampaign() refuses a directory with other files, and other versions", async () => {
  await using folder = await temporaryFolder();
  using db = await openDatabase(await fixture("tz/runinfo"), {
    readOnly: true,
  });
  const dir = `${folder.path}/campaign`;
  exportCampaign(db, dir);
  const path = `${dir}/${tz}/manifest.json`;
  const manifest = JSON.parse(await Deno.readTextFile(path));
  const { schema } = manifest;
  for (
    const [version, advice] of [[1, "Import the runs again"], [99, "newer"]]
  ) {
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...manifest, schema: version }),
    );
    assert.throws(
      () => exportCampaign(db, dir),
      (error: RangeError) =>
        error.message.includes(`version 3.${version}`) &&
        error.message.includes(`3.${schema}`) &&
        error.message.includes(String(advice)),
    );
  }
  await Deno.writeTextFile(`${folder.path}/note.txt`, "");
  await Deno.remove(dir, { recursive: true });
  assert.throws(
    () => exportCampaign(db, folder.path),
    /is not a campaign: it has "note.txt"/,
  );
});

Deno.test("exportCampaign() writes empty tables", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, "htex-head");
  const [run] = partitionsOf(folder.path);
  // Text logs have no records.
  const records = await readParquet(folder.path, run!, "log_record");
  assert.deepEqual(records, []);
});
