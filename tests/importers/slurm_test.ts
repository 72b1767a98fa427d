import { importRuninfo, importSlurmAccounting } from "dnpc/importers";
import { blocks, timesBetween } from "dnpc/questions";
import { type Database, openDatabase, type Sql, sql } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

// Expected numbers come from awk and Python's datetime over the fixture.
const fixture = "tests/fixtures/slurm/sacct.txt";
const text = Deno.readTextFileSync(fixture);
const utc = { timeZone: "UTC" };

const queueTime = { from: "slurm.job/submitted", to: "slurm.job/started" };
const durations = (db: Database, query: Sql) =>
  db.query(query).map((row) => Object.values(row));

Deno.test("importSlurmAccounting() creates jobs, steps, events and metrics", async () => {
  using db = await openDatabase();
  const report = await importSlurmAccounting(db, fixture, utc);
  const [source] = report.sources;
  assert.equal(source?.importer, "sacct");
  assert.deepEqual([source?.lines, source?.matched, source?.malformed], [
    12,
    12,
    0,
  ]);
  assert.deepEqual(
    rows(db, "SELECT type, count(*) FROM span GROUP BY type ORDER BY type"),
    [["slurm.job", 7], ["slurm.step", 4]],
  );
  assert.deepEqual(
    rows(
      db,
      "SELECT type, count(*) FROM event GROUP BY type ORDER BY count(*), type",
    ),
    [["ended", 8], ["started", 9], ["eligible", 11], ["submitted", 11]],
  );
  const waits = timesBetween({ ...queueTime, unfinished: "leave out" });
  assert.deepEqual(
    durations(
      db,
      sql`SELECT key, "end" - start FROM (${waits})
      JOIN span ON span.id = root_id ORDER BY key`,
    ),
    [["4101", 750], ["4102", 2400], ["4104_1", 60], ["4105", 120], [
      "4105+1",
      120,
    ]],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT name, value, time FROM metric JOIN span ON span.id = span_id
       WHERE key = '4101/0' ORDER BY name`,
    ),
    [
      ["elapsed", 3597, 1795345949],
      ["max_rss", 2684354560, 1795345949],
      ["total_cpu", 92400, 1795345949],
    ],
  );
});

Deno.test("importSlurmAccounting() reads pipes in names and the user who cancelled a job", async () => {
  using db = await openDatabase();
  await importSlurmAccounting(db, fixture, utc);
  const [row] = db.query("SELECT attributes FROM span WHERE key = '4103'");
  assert.deepEqual(JSON.parse(String(row?.attributes)), {
    job: "4103",
    job_name: "a|b | c",
    partition: "compute",
    account: "chem",
    n_nodes: "1",
    state: "CANCELLED",
    exit_code: "0:0",
    cancelled_by: "1001",
  });
});

Deno.test("importRuninfo() recognizes sacct's header under any name, in any order", () => {
  const columns = [...text.split("\n")[0]!.split("|").keys()].reverse();
  const lines = text.trim().split("\n").filter((line) => !/^4103/.test(line))
    .map((line) => columns.map((i) => line.split("|")[i]).join("|"));
  return withFiles(
    { "runs/jobs.csv": lines.join("\n") + "\n" },
    (db, report) => {
      assert.equal(report.sources[0]?.importer, "sacct");
      assert.deepEqual(
        rows(db, "SELECT type, count(*) FROM span GROUP BY type ORDER BY type"),
        [["slurm.job", 6], ["slurm.step", 4]],
      );
    },
    utc,
  );
});

Deno.test("importRuninfo() binds jobs to Parsl's blocks by the job id", () => {
  const line = (message: string) =>
    "1795341600.000000 2026-11-22 10:00:00 MainProcess-1 MainThread-2 " +
    `parsl.dataflow:1 f INFO: ${message}\n`;
  const files = {
    "000/parsl.log":
      line("[Scaling executor htex] Launched block 0 with job ID 4101") +
      line("[Scaling executor htex] Launched block 1 with job ID 4102"),
    "000/sacct.txt": text,
  };
  return withFiles(files, (db) => {
    const root = "parsl.executor.block";
    const waits = timesBetween({ ...queueTime, root });
    assert.deepEqual(
      durations(
        db,
        sql`SELECT attributes ->> 'block', "end" - start
        FROM (${waits}) JOIN span ON span.id = root_id ORDER BY 1`,
      ),
      [["0", 750], ["1", 2400]],
    );
    // Parsl logged both launches at 10:00 and noticed neither start nor end.
    assert.deepEqual(
      blocks(db).map(({ block, job, queued_seconds, seconds }) => [
        block,
        job,
        queued_seconds,
        seconds,
      ]),
      [["0", "4101", 750, 3600], ["1", "4102", 2700, 3620]],
    );
  });
});

Deno.test("importSlurmAccounting() counts malformed lines", () => {
  const broken = text + "4106|x|compute\n4107 without columns\n" +
    text.split("\n")[1]!.replace("2026-11-22T10:00:00", "yesterday") + "\n";
  return withFiles({ "a.sacct": broken }, (_db, report) => {
    assert.deepEqual(report.sources[0]?.malformedLines, [13, 14, 15]);
  }, utc);
});

Deno.test("importSlurmAccounting() refuses files of other formats", async () => {
  using db = await openDatabase();
  await assert.rejects(
    importSlurmAccounting(db, "tests/fixtures/slurm/README.md"),
    TypeError,
  );
});

Deno.test("importRuninfo() binds the blocks of a real run to the jobs of a real Slurm", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/slurm/htex.tar.gz");
  // As sacct prints Submit, Start and End; busy as the workers' logs have it.
  assert.deepEqual(
    blocks(db).map(({ block, job, queued_seconds, seconds, workers }) => [
      block,
      job,
      queued_seconds,
      seconds,
      workers,
    ]),
    [["0", "22", 0, 60, 2], ["1", "23", 11, 49, 2], ["2", "24", 11, 49, 2]],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT key, value FROM metric JOIN span ON span.id = span_id
       WHERE name = 'max_rss' ORDER BY key`,
    ),
    [
      ["22/batch", 275232 * 1024],
      ["23/batch", 276720 * 1024],
      ["24/batch", 275264 * 1024],
    ],
  );
});

Deno.test("importSlurmAccounting() reads JobIDRaw where there is no JobID", () =>
  withFiles(
    {
      "jobs.txt":
        "JobIDRaw|State|ElapsedRaw\n22|COMPLETED|60\n22.batch|COMPLETED|60\n",
    },
    (db) =>
      assert.deepEqual(
        rows(db, "SELECT type, key FROM span ORDER BY type"),
        [["slurm.job", "22"], ["slurm.step", "22/batch"]],
      ),
    utc,
  ));
