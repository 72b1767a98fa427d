import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Bottleneck, bottleneck, bottleneckText } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { limitingStages } from "../../questions/tasks/limiting_stage.ts";
import { askPython } from "../importers/databases.ts";
import {
  archive,
  flowLogs,
  larger,
  largerManagerLogs,
  onLogs,
  wqLogs,
} from "../importers/logs.ts";

/** What queues.py prints: for each second the seconds of each queue and stage. */
interface Told {
  tasks: number;
  start: number;
  end: number;
  bins: Record<string, number>[];
}

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-4, `${found}, not ${expected}`);

const queues = "pending launching queued held running returning".split(" ");
const secondsOf = (row: Bottleneck, name: string) =>
  row[name as "running_tasks"] * (row.end - row.start);
const secondsBound = (row: Bottleneck, stage: string) =>
  row[`bound_by_${stage}` as "bound_by_return"];

onLogs(
  "bottleneck() counts queues and limiting stages as a moment by moment count does",
  flowLogs,
  async (db, { name, path }) => {
    const script = Deno.readTextFileSync("tests/questions/queues.py");
    const output = await askPython(script, path);
    if (output === undefined) return;
    const told: Told = JSON.parse(output);
    const rows = bottleneck(db, { per: 1 });
    assert.equal(rows.length, told.bins.length);
    near(rows[0]!.start, told.start);
    near(rows.at(-1)!.end, told.end);
    rows.forEach((row, i) => {
      const bin = told.bins[i]!;
      for (const queue of queues) {
        near(secondsOf(row, `${queue}_tasks`), bin[queue]!);
      }
      for (const stage of limitingStages) {
        near(secondsBound(row, stage), bin[stage]!);
      }
      const most = limitingStages.toSorted((a, b) => bin[b]! - bin[a]!);
      assert.equal(row.bound, most[0]);
    });
    for (
      const rate of ["submission", "dispatch", "start", "completion", "return"]
    ) {
      const passed = rows.reduce(
        (sum, row) => sum + secondsOf(row, `${rate}_rate`),
        0,
      );
      near(passed, told.tasks);
    }
    if (name === "dispatch.tar.gz") return;
    // The other bins, before the workers and after the last task, are few.
    const stage = name.replace(".tar.gz", "");
    const bounds = rows.filter(({ workers }) => workers === 2);
    const limited = bounds.filter(({ bound }) => bound === stage);
    assert.ok(limited.length >= bounds.length - 3, `${limited.length}`);
  },
);

// The seconds are those of queues.py, in percent.
onLogs("bottleneckText() names the limiting stages", flowLogs, (db, set) => {
  assert.equal(
    bottleneckText(bottleneck(db)),
    {
      "submission.tar.gz":
        "Run 000: bound by submission for 63% of its 25.7 s; by the workers " +
        "for 37%, 37% without a worker.",
      "workers.tar.gz":
        "Run 000: bound by the workers for 94% of its 24.7 s, 32% without a " +
        "worker; by submission for 5%; by dispatch for 1%.",
      "dispatch.tar.gz":
        "Run 000: bound by the workers for 92% of its 11.5 s, 91% without a " +
        "worker; by submission for 6%; by dispatch for 3%.",
      "dependencies.tar.gz":
        "Run 000: bound by dependencies for 56% of its 21.3 s; by the workers " +
        "for 40%, 40% without a worker; by submission for 4%.",
    }[set.name],
  );
});

onLogs(
  "bottleneck() counts the threads of a pool as workers",
  [larger("threads")],
  (db) => {
    // Of 4 threads, as its NOTES.md says; about 30 tasks are launched.
    const { workers, running_tasks, queued_tasks, bound } = bottleneck(db)[80]!;
    assert.deepEqual([workers, running_tasks, bound], [4, 4, "workers"]);
    assert.ok(queued_tasks > 10);
  },
);

// Its executor "unused" got no task, while others waited for dependencies.
Deno.test("bottleneck() of an executor without tasks is submission", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/workers/two-executors.tar.gz");
  const rows = bottleneck(db, { executor: "unused" });
  assert.ok(rows.length > 0);
  assert.ok(rows.every(({ bound }) => bound === "submission"));
  assert.ok(rows.every(({ pending_tasks }) => pending_tasks === 0));
});

// No task was ever sent. The last line of its parsl.log is at 1795909424.4, and
// two workers without a manager lived for a quarter of an hour more.
onLogs(
  "bottleneck() of a run that did not end lasts to its last line",
  [archive("p26-strategy")],
  (db) => {
    const rows = bottleneck(db);
    assert.equal(Math.round(rows.at(-1)!.end), 1795909424);
    const { queued_tasks, dispatch_rate, workers, bound } = rows.at(-1)!;
    assert.deepEqual(
      { queued_tasks, dispatch_rate, workers, bound },
      { queued_tasks: 51, dispatch_rate: 0, workers: 0, bound: "workers" },
    );
  },
);

// The seconds from "Received" to "Completed executor task" in the logs of
// workers, added up with a few lines of Python.
onLogs(
  "bottleneck() adds up to the work in the logs of workers",
  [larger("htex-head")],
  (db) => {
    const rows = bottleneck(db);
    const running = Map.groupBy(rows, ({ executor }) => executor).entries()
      .map(([executor, own]) => [
        executor,
        own.reduce((sum, row) => sum + secondsOf(row, "running_tasks"), 0)
          .toFixed(3),
      ]);
    assert.deepEqual(Object.fromEntries(running), {
      htex_beta: "12.481",
      htex_Local: "5.333",
    });
  },
);

// wq's parsl.log names the executor's number of 12 of 104 tries only. 104 lines
// of its transaction_log have RUNNING; 104 tries were launched on the executor
// and 8 tasks never were (sqlite3 on monitoring.db).
onLogs(
  "bottleneck() counts work that is in no known try once",
  [wqLogs],
  (db) => {
    const rows = bottleneck(db);
    const count = (rate: string) =>
      Math.round(
        rows.reduce((sum, row) => sum + secondsOf(row, `${rate}_rate`), 0),
      );
    assert.deepEqual(
      ["submission", "dispatch", "start", "completion", "return"].map(count),
      [104, 104, 104, 104, 104],
    );
    assert.ok(rows.every(({ running_tasks }) => running_tasks < 1.5));
  },
);

// The interchange's log tells which tasks its manager has: two at a time.
onLogs(
  "bottleneck() needs no logs of the workers",
  flowLogs.slice(0, 2),
  (db, { name }) => {
    db.exec(`DELETE FROM span WHERE type LIKE 'parsl.executor.htex.worker%'`);
    const bins = bottleneck(db, { per: 1 }).slice(12, -2);
    assert.ok(bins.length >= 10);
    for (const { bound, workers, running_tasks } of bins) {
      assert.equal(bound, name.replace(".tar.gz", ""));
      assert.equal(workers, 2);
      assert.equal(Math.round(running_tasks), bound === "workers" ? 2 : 0);
    }
  },
);

// Its README says 7,075 s in function calls, of 183 connected workers by grep;
// no more than 1,500 tasks wait, and most still do when the log ends.
onLogs(
  "bottleneck() of a manager without Parsl's logs",
  [largerManagerLogs],
  (db) => {
    const rows = bottleneck(db, { run: "lnni", per: 20 });
    const seconds = rows
      .reduce((sum, row) => sum + secondsOf(row, "running_tasks"), 0);
    assert.equal(Math.round(seconds), 7075);
    assert.ok(rows.slice(1, -1).every(({ bound }) => bound === "dispatch"));
    assert.match(bottleneckText(rows), /^Run lnni: bound by dispatch for 80%/);
  },
);
