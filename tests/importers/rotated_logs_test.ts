import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { olderParts } from "../../importers/discover/rotation.ts";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { eventTexts, withFiles, writeFiles } from "./logs.ts";

const line = (second: number, message: string, logger = "parsl.dataflow.x") =>
  `17950000${second}.000000 2026-11-18 11:06:${
    second - 20 + 40
  } MainProcess-1 MainThread-2 ${logger}:1 f INFO: ${message}\n`;

// Parsl 2023: completion names no try.
const parts = [
  line(20, "Run id is: e810cbf3") +
  line(21, "Task 5 submitted for App a, not waiting on any dependency") +
  line(22, "Task 5 try 0 launched on executor htex with executor id 1"),
  line(23, "Task 5 try 0 failed") + line(24, "Task 5 marked for retry") +
  line(25, "Task 5 try 1 launched on executor htex with executor id 2"),
  line(26, "Task 5 completed (launched -> exec_done)"),
];

const events = [
  "submitted 5",
  "launched 5/0",
  "fail_retryable 5/0",
  "launched 5/1",
  "exec_done 5/1",
];

const named = `SELECT event.type || ' ' || concat_ws('/',
    span.attributes ->> 'task', span.attributes ->> 'try')
  FROM event JOIN span ON span.id = span_id
  WHERE named AND span.attributes ->> 'run' = 'e810cbf3' ORDER BY time`;

Deno.test("importRuninfo() reads the parts of a rotated parsl.log in order", () =>
  withFiles({
    "000/parsl.log.2": parts[0]!,
    "000/parsl.log.1": parts[1]!,
    "000/parsl.log": parts[2]!,
    // A tenth part is older than a second one.
    "001/parsl.log.10": line(30, "Run id is: 09420dc5"),
    "001/parsl.log.2": line(31, "DFK cleanup"),
  }, (db, { sources }) => {
    assert.deepEqual(rows(db, named).flat(), events);
    assert.deepEqual(
      sources.map(({ path }) => path.split("/").slice(-2).join("/")),
      [
        "000/parsl.log.2",
        "000/parsl.log.1",
        "000/parsl.log",
        "001/parsl.log.10",
        "001/parsl.log.2",
      ],
    );
    assert.deepEqual(rows(db, "SELECT run_id, began FROM run ORDER BY id"), [
      ["e810cbf3", 1795000020],
      ["09420dc5", 1795000030],
    ]);
  }));

Deno.test("importRuninfo() reads the parts of a rotated log in a tarball in order", () =>
  inFolder(async (folder) => {
    await writeFiles(folder, {
      "runinfo/000/parsl.log.2.gz": Uint8Array.from(gzipSync(parts[0]!)),
      "runinfo/000/parsl.log.1": parts[1]!,
      "runinfo/000/parsl.log": parts[2]!,
    });
    const newestFirst = ["parsl.log", "parsl.log.1", "parsl.log.2.gz"];
    const { success } = await new Deno.Command("tar", {
      args: [
        "czf",
        "a.tgz",
        ...newestFirst.map((name) => `runinfo/000/${name}`),
      ],
      cwd: folder,
    }).output();
    assert.ok(success);
    for (const path of [`${folder}/runinfo`, `${folder}/a.tgz`]) {
      using db = await openDatabase();
      const { sources } = await importRuninfo(db, path, { timeZone: "UTC" });
      assert.deepEqual(rows(db, named).flat(), events, path);
      assert.equal(sources.length, 3);
      const again = await importRuninfo(db, path, { timeZone: "UTC" });
      assert.equal(again.events, 0);
    }
  }));

Deno.test("olderParts() never has the part itself, which would wait forever", () => {
  for (const number of ["9", "9007199254740992"]) {
    const path = `parsl.log.${number}`;
    assert.ok(!olderParts(path).includes(path), path);
  }
  assert.deepEqual(olderParts("parsl.log.9.gz"), [
    "parsl.log.10",
    "parsl.log.10.gz",
  ]);
});

Deno.test("importRuninfo() adds what a log has since it was rotated", () =>
  withFiles(
    { "000/parsl.log": parts[0]! + parts[1]! },
    async (db, _, folder) => {
      assert.deepEqual(rows(db, named).flat(), events.slice(0, 4));
      await Deno.rename(`${folder}/000/parsl.log`, `${folder}/000/parsl.log.1`);
      await writeFiles(folder, { "000/parsl.log": parts[2]! });
      await importRuninfo(db, folder, { timeZone: "UTC" });
      assert.deepEqual(rows(db, named).flat(), events);
      // It grows, and is read again.
      await writeFiles(folder, {
        "000/parsl.log": parts[2]! +
          line(27, "Task 5 try 1 failed"),
      });
      await importRuninfo(db, folder, { timeZone: "UTC" });
      assert.deepEqual(rows(db, named).flat(), events);
    },
  ));

Deno.test("importRuninfo() reads the parts of any rotated log by its name", () =>
  withFiles({
    "000/htex/block-0/abc/worker_0.log.1": line(
      20,
      "Received executor task 1",
      "a.b",
    ),
    "000/htex/block-0/abc/worker_0.log": line(
      21,
      "Completed executor task 1",
      "a.b",
    ),
  }, (db) => {
    const task = "parsl.executor.htex.worker.task htex/0/abc/0/1";
    assert.deepEqual(eventTexts(db), [
      `1 ${task}: worker_received_task`,
      `1 ${task}: worker_completed_task`,
    ]);
  }));
