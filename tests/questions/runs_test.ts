import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { runs, summary } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { larger, onLogs } from "../importers/logs.ts";
import { sets } from "./workers_by_hand/by_hand.ts";

// sqlite3 monitoring.db "SELECT count(DISTINCT task_id) FROM status WHERE run_id =
// '...' AND task_status_name IN ('failed', 'dep_fail')": 10 in each run, and
// fail_retryable of 18.
onLogs("runs() counts the tasks of each run", [larger("mon-htex")], (db) => {
  assert.deepEqual(
    runs(db).map((row) => [
      row.run,
      row.state,
      row.tasks,
      row.failed,
      row.retried,
      row.unfinished,
    ]),
    [["000", "ended", 197, 10, 18, 0], ["001", "ended", 197, 10, 18, 0]],
  );
  assert.equal(runs(db, { run: "001" }).length, 1);
});

onLogs("summary() says in words how a run went", [larger("multi-htex")], (
  db,
) => {
  const lines = summary(db, { run: "001" });
  assert.deepEqual(
    lines.map(({ run, topic }) => `${run} ${topic}`),
    ["run", "failures", "tasks", "workers", "bottleneck"]
      .map((topic) => `001 ${topic}`),
  );
  // sqlite3 monitoring.db: 155 tasks, 8 of them failed or dep_fail, 18 tried twice
  // or more.
  assert.match(
    lines[0]!.text,
    /^sample-multi-htex ended after \d+ s: 155 tasks, 8 failed, 18 were tried/,
  );
  assert.match(lines[1]!.text, /^ValueError: task N always fails \(6 tasks/);
  assert.match(lines[2]!.text, /s in the interchange, .* s in a worker, /);
  assert.match(lines[3]!.text, /^12 workers were there for 159 s/);
  assert.match(lines[4]!.text, /^Bound by the workers for 76/);
  assert.equal(summary(db).length, 10);
  assert.throws(() => summary(db, { run: "no such run" }), {
    name: "RangeError",
  });
});

Deno.test("summary() of many runs has the last of them, and says so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const log = await Deno.readTextFile(
      "tests/fixtures/tz/runinfo/000/parsl.log",
    );
    for (let run = 0; run < 12; run++) {
      const label = String(run).padStart(3, "0");
      await Deno.mkdir(`${folder}/runinfo/${label}`, { recursive: true });
      await Deno.writeTextFile(
        `${folder}/runinfo/${label}/parsl.log`,
        log.replaceAll("8b02009a-662b", `8b02009a-1${label}`)
          .replaceAll("/000", `/${label}`),
      );
    }
    using db = await openDatabase();
    await importRuninfo(db, folder);
    assert.equal(runs(db).length, 12);
    const lines = summary(db);
    assert.deepEqual(
      [...new Set(lines.map(({ run }) => run))],
      ["002", "003", "004", "005", "006", "007", "008", "009", "010", "011"],
    );
    const display = Symbol.for("Jupyter.display") as unknown as keyof object;
    const shown = lines[display] as unknown as () => Record<string, string>;
    assert.match(
      shown()["text/plain"]!,
      /^12 runs; these are the last one and the latest that have failures/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

onLogs(
  "summary() of a queue without Parsl is about its workers",
  sets.filter(({ name }) => name === "lnni"),
  (db) => {
    const lines = summary(db);
    assert.deepEqual(
      new Set(lines.map(({ topic }) => topic)),
      new Set(["workers", "bottleneck"]),
    );
  },
);
