// Over 300 lines: all container formats share the same helpers.

import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { openSource } from "../../importers/container/open_source.ts";
import { gzipSync } from "node:zlib";
import { importParslLog, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { isWhole } from "../faults/figures.ts";
import { inFolder } from "../sql/engines.ts";
import { contents } from "./contents.ts";
import { rows } from "./databases.ts";
import { importedOnce, larger, logSets, tzLogs, writeFiles } from "./logs.ts";

/** Runs an external program. */
async function run(command: string, args: string[], cwd: string) {
  const { success, stderr } = await new Deno.Command(command, { args, cwd })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

const tar = (cwd: string, ...args: string[]) => run("tar", args, cwd);

// The zone of the tz fixture, for imports without its parsl.log.
const timeZone = "America/New_York";

/** Imports into a new database. */
async function imported(path: string) {
  const db = await openDatabase(undefined, { engine: "native" });
  return { db, report: await importRuninfo(db, path, { timeZone }) };
}

/** The content of an import of the unpacked files, whose logs tell the zone. */
async function expected(path: string): Promise<string[]> {
  const kept = await importedOnce({ path });
  using db = await openDatabase(kept.path, { readOnly: true });
  return contents(db, path);
}

/** The path of the runinfo within a container, according to its sources. */
const rootOf = (db: Database) =>
  String(rows(db, "SELECT path FROM source LIMIT 1")[0]![0])
    .replace(/(runinfo)\/.*$/, "$1");

/** Sets that only the whole suite packs. */
const wholeOnly = new Set(["htex-head", "wq-2023", "desc-wq", "multi-load"]);

const sets = [
  ...logSets.filter(({ name }) => isWhole || !wholeOnly.has(name)),
  larger("obs-wf"),
  larger("head-json"),
];

for (const { name, path, ignore } of sets) {
  Deno.test({
    name:
      `importRuninfo() of a tarball gives the same content as of the directory [${name}]`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        await tar(
          path,
          "czf",
          `${Deno.realPathSync(folder)}/a.tar.gz`,
          "../runinfo",
        );
        const { db, report } = await imported(`${folder}/a.tar.gz`);
        using _ = db;
        assert.deepEqual(contents(db, rootOf(db)), await expected(path));
        const again = await importRuninfo(db, path);
        assert.deepEqual([again.spans, again.events, again.metrics], [0, 0, 0]);
        assert.ok(
          again.sources.every(({ outcome }) => outcome === "unchanged"),
          String(again),
        );
        assert.equal(again.sources.length, report.sources.length);
      }),
  });
}

const gzip = (text: string | Uint8Array) => Uint8Array.from(gzipSync(text));
const parslLog = () => Deno.readFileSync(`${tzLogs.path}/000/parsl.log`);

Deno.test("importRuninfo() reads logs that are each compressed with gzip", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    await run("cp", ["-r", tzLogs.path, `${root}/runinfo`], ".");
    await run("gzip", ["-r", `${root}/runinfo/000`], ".");
    const { db } = await imported(`${root}/runinfo`);
    using _ = db;
    const unpacked = contents(db, `${root}/runinfo`)
      .map((row) => row.replaceAll(".log.gz", ".log")).sort();
    assert.deepEqual(unpacked, await expected(tzLogs.path));
  }));

Deno.test("importRuninfo() finds runs anywhere in a tarball and in nested tarballs", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    const data = tzLogs.path.replace("/tz/runinfo", "");
    await tar(data, "cf", `${root}/inner.tar`, "wq");
    await run("cp", ["-r", `${data}/tz`, `${root}/tz`], ".");
    await tar(root, "czf", "all.tgz", "inner.tar", "tz");
    await Deno.remove(`${root}/tz`, { recursive: true });
    await Deno.remove(`${root}/inner.tar`);
    // The imported directory contains a tarball.
    const { db, report } = await imported(root);
    using _ = db;
    assert.deepEqual(
      report.sources.map(({ path }) => path.slice(root.length)).sort(),
      [
        "/all.tgz/inner.tar/wq/runinfo/000/WorkQueueExecutor/debug_log",
        "/all.tgz/inner.tar/wq/runinfo/000/WorkQueueExecutor/transaction_log",
        "/all.tgz/inner.tar/wq/runinfo/000/parsl.log",
        "/all.tgz/inner.tar/wq/runinfo/monitoring.db",
        "/all.tgz/tz/runinfo/000/htex_Local/block-0/cdef75e04b07/manager.log",
        "/all.tgz/tz/runinfo/000/htex_Local/block-0/cdef75e04b07/worker_0.log",
        "/all.tgz/tz/runinfo/000/htex_Local/block-0/cdef75e04b07/worker_1.log",
        "/all.tgz/tz/runinfo/000/htex_Local/interchange.log",
        "/all.tgz/tz/runinfo/000/parsl.log",
        "/all.tgz/tz/runinfo/monitoring.db",
      ],
    );
    const tasks = "SELECT count(*) FROM span WHERE type = 'parsl.rundir.task'";
    assert.deepEqual(rows(db, tasks), [[104 + 62]]);
  }));

Deno.test("importRuninfo() reads a tarball whose members are in any order", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    const files = [
      "000/htex_Local/interchange.log",
      "monitoring.db",
      "000/htex_Local/block-0",
      "000/parsl.log",
    ].map((file) => `runinfo/${file}`);
    const orders = [files, files.toReversed()];
    for (const [i, order] of orders.entries()) {
      await tar(`${tzLogs.path}/..`, "cf", `${root}/${i}.tar`, ...order);
      const { db } = await imported(`${root}/${i}.tar`);
      using _ = db;
      assert.deepEqual(contents(db, rootOf(db)), await expected(tzLogs.path));
    }
  }));

Deno.test("importRuninfo() adds the events that a later tarball has in addition to an earlier one", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    const log = parslLog();
    const half = log.subarray(0, log.indexOf(10, log.length / 2) + 1);
    using db = await openDatabase(undefined, { engine: "native" });
    const events: number[] = [];
    for (const [name, bytes] of [["monday", half], ["tuesday", log]] as const) {
      await writeFiles(`${root}/${name}`, {
        "runinfo/000/parsl.log": Uint8Array.from(bytes),
      });
      await tar(`${root}/${name}`, "czf", `${root}/${name}.tgz`, "runinfo");
      const report = await importRuninfo(db, `${root}/${name}.tgz`);
      events.push(report.events);
    }
    const { db: whole, report } = await imported(`${root}/tuesday`);
    using _ = whole;
    const count = "SELECT count(*), count(DISTINCT span_id) FROM event";
    assert.deepEqual(rows(db, count), rows(whole, count));
    assert.equal(events[0]! + events[1]!, report.events);
    assert.ok(events.every((count) => count > 300));
    const spans = "SELECT count(*) FROM span";
    assert.deepEqual(rows(db, spans), rows(whole, spans));
  }));

Deno.test("importRuninfo() merges a tarball with its run that was imported from a directory", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    using db = await openDatabase(undefined, { engine: "native" });
    // Only the tarball contains the workers' logs.
    await writeFiles(root, { "runinfo/000/parsl.log": parslLog() });
    await importRuninfo(db, `${root}/runinfo`);
    await tar(tzLogs.path, "czf", `${root}/a.tgz`, "../runinfo");
    await importRuninfo(db, `${root}/a.tgz`);
    const bound = `SELECT count(DISTINCT superspan_id) FROM subspan
      JOIN span AS try ON try.id = superspan_id
      JOIN span AS inner ON inner.id = subspan_id
      WHERE try.type = 'parsl.rundir.try'
        AND inner.type = 'parsl.executor.htex.worker.task'`;
    assert.deepEqual(rows(db, bound), [[63]]);
  }));

Deno.test("importRuninfo() reads the intact part of a truncated tarball", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    await tar(`${tzLogs.path}/..`, "czf", `${root}/a.tgz`, "runinfo");
    const bytes = Deno.readFileSync(`${root}/a.tgz`);
    const { db: whole } = await imported(`${root}/a.tgz`);
    using _ = whole;
    const eventQuery = `SELECT path, line, time, type FROM event
      JOIN source ON source.id = source_id
      WHERE importer <> 'monitoring.db' ORDER BY path, line, type`;
    const all = new Map(
      rows(whole, eventQuery).map((row) => [JSON.stringify(row), true]),
    );
    for (let i = 1; i < 20; i++) {
      Deno.writeFileSync(
        `${root}/a.tgz`,
        bytes.subarray(0, Math.floor(bytes.length * i / 20)),
      );
      const { db, report } = await imported(`${root}/a.tgz`);
      using _ = db;
      const damaged = [...report.sources, ...report.notRead]
        .map((file) => "error" in file ? file.error : file)
        .filter((file) =>
          /end of file|truncated|ends before/.test(JSON.stringify(file))
        );
      assert.ok(damaged.length > 0, String(report));
      const found = report.sources.some(({ outcome }) => outcome === "imported")
        ? rows(db, eventQuery).map((row) => JSON.stringify(row))
        : [];
      for (const row of found) assert.ok(all.has(row), row);
      if (i > 10) assert.ok(found.length > 0);
    }
  }));

Deno.test("importRuninfo() keeps the paths of a tarball's members within the tarball", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    await writeFiles(root, { "in/x/parsl.log": parslLog() });
    await Deno.symlink("/etc/passwd", `${root}/in/x/manager.log`);
    await tar(
      `${root}/in`,
      "cPf",
      `${root}/a.tar`,
      "--transform=s|^x|../../../x|;s|^y|/etc|",
      "--transform=flags=r;s|^z|/etc/z|",
      "x",
    );
    const { db, report } = await imported(`${root}/a.tar`);
    using _ = db;
    assert.deepEqual(
      report.sources.map(({ path }) => path),
      [`${root}/a.tar/x/parsl.log`],
    );
    assert.deepEqual(
      report.notRead.map(({ path, reason }) => [path, reason]),
      [[`${root}/a.tar/x/manager.log`, "a link, not followed"]],
    );
  }));

Deno.test("importRuninfo() names an unsupported compression format", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    await writeFiles(root, { "runinfo/000/parsl.log": parslLog() });
    await run("xz", ["--version"], root).then(
      () => run("xz", ["runinfo/000/parsl.log"], root),
      () =>
        Deno.writeFile(
          `${root}/runinfo/000/parsl.log.xz`,
          new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1]),
        ),
    );
    const { db, report } = await imported(`${root}/runinfo`);
    using _ = db;
    const reasons = report.notRead.flatMap(({ reason }) => reason ?? []);
    assert.deepEqual(reasons, ["packed with xz: unpack it first"]);
  }));

Deno.test("importRuninfo() reports the unpacked size of a gzip file of zeros", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    const zeros = gzip(new Uint8Array(200_000_000));
    assert.ok(zeros.length < 250_000);
    await writeFiles(root, { "runinfo/000/notes.gz": zeros });
    const { db, report } = await imported(`${root}/runinfo`);
    using _ = db;
    assert.deepEqual(
      report.notRead.map(({ bytes }) => bytes),
      [200_000_000],
    );
  }));

Deno.test("importParslLog() reads a gzip-compressed log of any name", () =>
  inFolder(async (folder) => {
    const root = Deno.realPathSync(folder);
    await writeFiles(root, { "mine.gz": gzip(parslLog()) });
    using db = await openDatabase();
    const { sources } = await importParslLog(db, `${root}/mine.gz`);
    assert.deepEqual(
      sources.map(({ importer, path }) => [importer, path]),
      [["parsl.log", `${root}/mine.gz`]],
    );
  }));

for (const [claim, zeros] of [["", 0], [", through a file if large", 7e7]]) {
  Deno.test(`importRuninfo() reads a database that was packed during a write${claim}`, () =>
    inFolder(async (folder) => {
      const root = Deno.realPathSync(folder);
      await run("cp", ["-r", `${tzLogs.path}`, `${root}/runinfo`], ".");
      // The writer is still running when the files are copied, so its commits
      // are only in the -wal file.
      const script = `
import os, shutil, sqlite3, subprocess
db = sqlite3.connect("runinfo/monitoring.db")
db.execute("PRAGMA journal_mode = WAL")
db.execute("INSERT INTO status SELECT task_id, 'later', timestamp, run_id, try_id"
           " FROM status LIMIT 7")
db.commit()
db.execute("DELETE FROM status")
shutil.copytree("runinfo", "copy/runinfo")
wal = "copy/runinfo/monitoring.db-wal"
os.truncate(wal, os.path.getsize(wal) + ${zeros})
subprocess.run(["tar", "czf", "a.tgz", "-C", "copy", "runinfo"], check=True)
`;
      await run("python3", ["-c", script], root);
      const { db } = await imported(`${root}/a.tgz`);
      using _ = db;
      const later = "SELECT count(*) FROM event WHERE type = 'later'";
      assert.deepEqual(rows(db, later), [[7]]);
      const all = "SELECT count(*) FROM monitoring_status";
      assert.deepEqual(rows(db, all), [[338 + 7]]);
    }));
}

Deno.test("importMonitoringDb() reads a large database with a write-ahead log from a copy", () =>
  inFolder(async (folder) => {
    const path = `${folder}/monitoring.db`;
    await Deno.copyFile(`${tzLogs.path}/monitoring.db`, path);
    using writer = new DatabaseSync(path);
    writer.exec("PRAGMA journal_mode = WAL; DELETE FROM status");
    using small = await openSource(path);
    const before = await Array.fromAsync(Deno.readDir(folder));
    using large = await openSource(path, 0);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), before);
    for (const { db } of [small, large]) {
      assert.deepEqual(rows(db, "SELECT count(*) FROM status"), [[0]]);
      assert.deepEqual(rows(db, "SELECT count(*) FROM try"), [[70]]);
    }
    assert.equal(large.fingerprint, small.fingerprint);
    assert.equal(typeof large.content, "string");
  }));
