import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { runs, summary, workerTime } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { summarySchema } from "../../tools/reference/summary_page.ts";
import {
  larger,
  logSets,
  onLogs,
  repositorySets,
  tzLogs,
} from "../importers/logs.ts";
import { sets } from "./workers_by_hand/by_hand.ts";

/** Checks a value of the JSON against a type of the schema. */
function assertType(value: unknown, type: string, where: string): void {
  const options = type.split(" | ");
  if (value === null) return assert.ok(options.includes("null"), where);
  const [kind] = options.filter((it) => it !== "null");
  if (kind!.endsWith("[]")) {
    assert.ok(Array.isArray(value), where);
    for (const [i, one] of value.entries()) {
      assertType(one, kind!.slice(0, -2), `${where}[${i}]`);
    }
    return;
  }
  const object = summarySchema[kind!];
  if (object === undefined) {
    const isKind = options.includes(typeof value) ||
      options.includes(JSON.stringify(value));
    assert.ok(isKind, `${where} is ${JSON.stringify(value)}, not ${type}`);
    return;
  }
  const members = Object.entries(value as object);
  assert.deepEqual(
    members.map(([name]) => name).sort(),
    Object.keys(object.members).sort(),
    where,
  );
  for (const [name, member] of members) {
    assertType(member, object.members[name]!.type, `${where}.${name}`);
  }
}

onLogs(
  "summary() has the members and types of docs/reference/summary.md",
  [...new Set([...repositorySets, ...logSets, ...sets])],
  (db) => {
    const result = JSON.parse(JSON.stringify(summary(db)));
    assertType(result, "Summary", "summary");
    for (const run of result.runs) {
      const { tasks, succeeded_tasks, failed_tasks, dependent_tasks } = run;
      assert.equal(
        succeeded_tasks + failed_tasks + dependent_tasks + run.unfinished_tasks,
        tasks,
      );
      for (const count of [succeeded_tasks, failed_tasks, dependent_tasks]) {
        assert.ok(count >= 0, JSON.stringify(run));
      }
    }
    for (const { paid_seconds, uses } of result.workers) {
      let [seconds, share] = [0, 0];
      for (const use of uses) {
        [seconds, share] = [seconds + use.seconds, share + use.share];
      }
      assert.ok(Math.abs(seconds - paid_seconds) < 1e-6 * paid_seconds);
      assert.ok(Math.abs(share - 1) < 1e-6);
    }
  },
);

Deno.test("the schema of a summary describes each of its members", () => {
  // Without the two methods.
  assert.deepEqual(Object.keys(summarySchema.Summary!.members), [
    "version",
    ..."runs failures typical_tasks workers limits odd missing".split(" "),
  ]);
  assert.ok(Object.keys(summarySchema).length >= 9);
});

// sqlite3 monitoring.db "SELECT task_status_name, count(DISTINCT task_id) FROM
// status WHERE run_id = '...' GROUP BY 1": of 197 tasks in each run, failed 6,
// dep_fail 4, fail_retryable 18. "SELECT time_completed - time_began" in workflow
// is 20.95 s and 26.44 s.
onLogs("summary() counts the tasks of each run by outcome", [
  larger("mon-htex"),
], (db) => {
  const { runs, failures, odd, missing } = summary(db);
  assert.deepEqual(
    runs.map((run) => [
      run.run,
      run.has_ended,
      run.tasks,
      run.failed_tasks,
      run.dependent_tasks,
      run.retried_tasks,
      run.unfinished_tasks,
      Math.round(100 * run.length_seconds!) / 100,
    ]),
    [
      ["000", true, 197, 6, 4, 18, 0, 20.95],
      ["001", true, 197, 6, 4, 18, 0, 26.44],
    ],
  );
  // The causes of both runs are one.
  assert.deepEqual(
    failures.map((cause) => [cause.exception, cause.failed_tasks, cause.runs]),
    [
      ["ValueError", 16, ["000", "001"]],
      ["BashExitFailure", 4, ["000", "001"]],
      ["RuntimeError", 0, ["000", "001"]],
    ],
  );
  assert.deepEqual(odd.map(({ kind, run }) => [kind, run]), [
    ["slow run", "001"],
  ]);
  assert.ok(Math.abs(odd[0]!.seconds! - (26.44 - 20.95)) < 0.01);
  // grep -c "queued" interchange.log is 0: Parsl of 2023 does not write it.
  assert.deepEqual(missing.map(({ log, runs }) => [log, runs]), [
    ["interchange.log", ["000", "001"]],
  ]);
});

onLogs("summary() is at most a screen of text, which leads on", [
  ...repositorySets,
  larger("multi-load"),
  larger("multi-htex"),
], (db) => {
  for (const width of [60, 80, 120]) {
    const lines = String(summary(db).toString(width, "runs.sqlite3")).split(
      "\n",
    );
    assert.ok(lines.length <= (width < 80 ? 60 : 41), `${lines.length}`);
    for (const line of lines) assert.ok(line.length <= width, line);
  }
  const [first] = runs(db);
  if (first === undefined) return;
  const text = summary(db).toString();
  assert.match(text, /^What ran +runs\(db\)$/m);
  assert.match(
    summary(db, { run: first.run }).toString(80, "my runs.db"),
    /dnpc tasks 'my runs.db'\s+--run|dnpc tasks 'my runs.db' --run/,
  );
});

Deno.test("summary() of many runs has a line for each, and says what it leaves out", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const log = await Deno.readTextFile(`${tzLogs.path}/000/parsl.log`);
    for (let run = 0; run < 20; run++) {
      const label = String(run).padStart(3, "0");
      await Deno.mkdir(`${folder}/runinfo/${label}`, { recursive: true });
      const own = log.replaceAll("8b02009a-662b", `8b02009a-1${label}`)
        .replaceAll("/000", `/${label}`);
      await Deno.writeTextFile(
        `${folder}/runinfo/${label}/parsl.log`,
        // Killed after its 900th line: it did not end.
        run === 7 ? own.split("\n").slice(0, 900).join("\n") : own,
      );
    }
    using db = await openDatabase();
    await importRuninfo(db, folder);
    const lines = summary(db).toString().split("\n");
    assert.match(
      lines[0]!,
      /^20 runs, 1 did not end, 1,\d+ tasks, 57 failed, /,
    );
    assert.ok(lines.length <= 40, lines.join("\n"));
    // The one that did not end, and the last ones.
    const ran = lines.slice(3, lines.indexOf("", 3));
    assert.match(ran[0]!, /^ {2}007 .* did not end/);
    assert.match(ran.at(-2)!, /^ {2}019 /);
    assert.match(ran.at(-1)!, /^ {2}and \d+ more runs$/);
    assert.match(
      lines.join("\n"),
      /no log of an executor, which tells where tasks waited/,
    );
    const { runs: [, ...others] } = summary(db);
    assert.equal(others.length, 19);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

// Of 8 lines "Worker 0 (pid: ...) started" in worker_N.log below 001, two files
// have no line "Received": grep -L "Received executor task" worker_*.log
onLogs("summary() names workers that never had a task", [
  larger("multi-htex"),
], (db) => {
  const [one] = summary(db, { run: "001" }).odd;
  assert.equal(one!.kind, "idle worker");
  assert.match(one!.text, /^2 of 12 workers never had a task, such as worker/);
  assert.equal(summary(db, { run: "001" }).runs.length, 1);
  assert.throws(() => summary(db, { run: "no such run" }), {
    name: "RangeError",
  });
});

Deno.test("summary() finds a slow task, a gap in the logs and a clock that went back", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const time = (seconds: number) =>
      new Date(1000 * (1795344000 + seconds)).toISOString().slice(0, 23)
        .replace("T", " ");
    const line = (seconds: number, message: string) =>
      `${time(seconds)} worker_log:586 8742 MainThread [INFO]  ${message}\n`;
    const parsl = (seconds: number, message: string) =>
      `${(1795344000 + seconds).toFixed(6)} ${
        time(seconds).slice(0, 19)
      } MainProcess-1 ` +
      `MainThread-2 parsl.dataflow.dflow:726 f INFO: ${message}\n`;
    await Deno.mkdir(`${folder}/000/htex/block-0/abc`, { recursive: true });
    // Twelve tasks of a second; the last one takes 200 s. Then the clock of the
    // worker goes back by 5 s.
    const ends = Array.from({ length: 12 }, (_, i) => i < 11 ? i + 1 : 211);
    await Deno.writeTextFile(
      `${folder}/000/parsl.log`,
      parsl(0, "Run id is: 11111111-2222-3333-4444-555555555555") +
        ends.map((_, i) =>
          parsl(
            0,
            `Task ${i} submitted for App app, not waiting on any dependency`,
          ) +
          parsl(
            0,
            `Parsl task ${i} try 0 launched on executor htex with executor id ${i}`,
          )
        ).join("") +
        ends.map((end, i) =>
          parsl(end, `Task ${i} completed (launched -> exec_done)`)
        ).join("") + parsl(212, "DFK cleanup complete"),
    );
    await Deno.writeTextFile(
      `${folder}/000/htex/block-0/abc/worker_0.log`,
      ends.map((end, i) =>
        line(i, `Received executor task ${i}`) +
        line(end, `Completed executor task ${i}`)
      ).join("") + line(206, "Received executor task 99"),
    );
    using db = await openDatabase();
    await importRuninfo(db, folder, { timeZone: "UTC" });
    const { odd } = summary(db);
    assert.deepEqual(
      odd.map(({ kind, seconds, task }) => [kind, Math.round(seconds!), task]),
      [
        ["slow task", 200, "11"],
        ["gap in logs", 206 - 11, null],
        ["clock went back", 5, null],
      ],
      JSON.stringify(odd),
    );
    assert.match(odd[2]!.line!, /worker_0\.log:25$/);
    assert.match(
      summary(db).toString(80, "r.db"),
      /dnpc story r\.db task=11 run=000/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

onLogs(
  "summary() of a queue without Parsl is about its workers",
  sets.filter(({ name }) => name === "lnni"),
  (db) => {
    const { runs, workers, limits } = summary(db);
    assert.deepEqual([runs.length, workers.length], [0, 1]);
    assert.ok(limits.length > 0);
    const useful = workerTime(db).find(({ use }) => use === "useful")!;
    const [own] = workers[0]!.uses.filter(({ use }) => use === "useful");
    assert.equal(own!.seconds, useful.seconds);
  },
);

Deno.test("summary() escapes what logs say", async () => {
  const hostile = "<img src=x onerror=alert(1)>";
  const folder = await Deno.makeTempDir();
  try {
    const log = await Deno.readTextFile(`${tzLogs.path}/000/parsl.log`);
    await Deno.mkdir(`${folder}/000`);
    await Deno.writeTextFile(
      `${folder}/000/parsl.log`,
      log.replaceAll("always fails", `${hostile}\x1b[31m`),
    );
    using db = await openDatabase();
    await importRuninfo(db, folder);
    const html = summary(db).toHtml();
    assert.ok(html.includes("&lt;img src=x onerror=alert(N)&gt;"));
    assert.doesNotMatch(html, /<img/);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(html + summary(db), /\x1b/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
