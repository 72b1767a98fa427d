import { strict as assert } from "node:assert";
import { join } from "node:path";
import {
  type Attempt,
  attempts,
  blocks,
  bottleneck,
  utilisation,
  workerActivity,
  workerIdleTime,
  workerTime,
  workerUseOverTime,
} from "dnpc/questions";
import {
  filesNamed,
  larger,
  logSet,
  onLogs,
  withFiles,
} from "../importers/logs.ts";
import {
  byHand,
  type CountedAttempt,
  sets,
  unpacked,
} from "./workers_by_hand/by_hand.ts";

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-3, `${found}, not ${expected}`);

/** The attempts in an order that does not depend on the clock's digits. */
const inOrder = <T extends Attempt | CountedAttempt>(list: readonly T[]) =>
  list.toSorted((a, b) =>
    Math.round(1e3 * (a.end - b.end)) ||
    Math.round(1e3 * (a.start - b.start)) ||
    (a.worker ?? "").localeCompare(b.worker ?? "") ||
    Number(a.executor_task ?? a.task) - Number(b.executor_task ?? b.task)
  );

// The lines of raw logs, counted by plain Python without dnpc.
onLogs(
  "attempts() and workers agree with a count over the raw logs",
  sets,
  async (db, set) => {
    const rundir = join(await unpacked(set), set.inside);
    const counted = await byHand(set.script, rundir);
    if (counted === undefined) return;
    const options = set.inside === "" ? {} : { run: set.inside };
    const found = attempts(db, options);
    assert.equal(found.length, counted.attempts.length);
    const told = inOrder(counted.attempts);
    for (const [i, one] of inOrder(found).entries()) {
      const other = told[i]!;
      near(one.start, other.start);
      near(one.end, other.end);
      assert.equal(one.worker, other.worker);
      if (other.executor !== null) assert.equal(one.executor, other.executor);
      if (other.manager !== null) assert.equal(one.manager, other.manager);
      assert.deepEqual([one.task, one.try], [other.task, other.try]);
      assert.equal(one.outcome, other.outcome);
    }
    const lives = workerIdleTime(db, options);
    const lived = lives.reduce((sum, { life }) => sum + life, 0);
    near(
      lived,
      counted.workers.reduce((sum, w) => sum + w.slots * (w.end - w.start), 0),
    );
    const activity = workerActivity(db, options);
    for (const { time, busy, slots } of counted.instants) {
      const isThen = ({ start, end }: { start: number; end: number }) =>
        start <= time && time < end;
      assert.equal(found.filter(isThen).length, busy);
      const then = activity.filter(isThen);
      assert.equal(then.filter(({ state }) => state === "busy").length, busy);
      assert.equal(then.length, slots);
    }
    const busy = found.reduce((sum, { seconds }) => sum + seconds, 0);
    for (const by of ["run", "executor", "node", "worker", "app"]) {
      const rows = workerTime(db, { ...options, by });
      const whole = Map.groupBy(
        rows,
        (
          { use: _, seconds: __, share: ___, app: ____, workers: _____, ...of },
        ) => JSON.stringify(of),
      );
      for (const parts of whole.values()) {
        const sum = parts.reduce((sum, { seconds }) => sum + seconds, 0);
        const { paid_seconds } = parts[0]!;
        assert.ok(Math.abs(sum / paid_seconds - 1) <= 1e-6);
      }
      const worked = rows.filter(({ use }) => working.has(use));
      near(worked.reduce((sum, { seconds }) => sum + seconds, 0), busy);
    }
    const used = utilisation(db, { ...options, by: "worker", per: 5 });
    near(used.reduce((sum, row) => sum + row.busy_seconds!, 0), busy);
    near(used.reduce((sum, row) => sum + row.worker_seconds!, 0), lived);
    const all = workerTime(db, options);
    for (const per of [undefined, 5]) {
      const steps = workerUseOverTime(db, { ...options, per });
      for (const { run, use, seconds } of all) {
        const own = steps.filter((step) =>
          step.run === run && step.use === use
        );
        near(own.reduce((sum, { seconds }) => sum + seconds, 0), seconds);
        near(
          own.reduce(
            (s, { slots, start, end }) => s + slots * (end - start),
            0,
          ),
          seconds,
        );
      }
      // What the script counts between two times.
      const bins = [...Map.groupBy(steps, ({ start }) => start).values()];
      for (const bin of bins.slice(0, 9)) {
        const [{ start, end }] = bin as [typeof bin[number]];
        const inside = counted.attempts.reduce(
          (sum, one) =>
            sum +
            Math.max(0, Math.min(end, one.end) - Math.max(start, one.start)),
          0,
        );
        near(
          bin.filter(({ use }) => working.has(use))
            .reduce((sum, { seconds }) => sum + seconds, 0),
          inside,
        );
      }
    }
  },
);

const working = new Set(["useful", "retried", "failed", "lost", "unfinished"]);

onLogs(
  "workers of an executor without tasks wait for nothing",
  sets.filter(({ name }) => name === "two-executors"),
  (db) => {
    const unused = workerIdleTime(db, { executor: "unused" });
    assert.equal(unused.length, 2);
    for (const { life, nothing_queued, busy, tasks } of unused) {
      assert.deepEqual([busy, tasks, nothing_queued], [0, 0, life]);
    }
  },
);

onLogs(
  "workerIdleTime() says which workers have no end in any log",
  sets.filter(({ name }) => /^(?:lnni|wq)$/.test(name)),
  (db, { name }) => {
    const ends = Map.groupBy(workerIdleTime(db), ({ ended_by }) => ended_by);
    // grep -c DISCONNECTION: of two workers in wq, of one of 183 in lnni.
    assert.deepEqual(
      [...ends].map(([reason, own]) => [reason, own.length]).sort(),
      name === "wq"
        ? [["disconnected", 2]]
        : [["disconnected", 1], ["last known time", 182]],
    );
  },
);

onLogs(
  "managers that may belong to any of two executors are one pool",
  sets.filter(({ name }) => name === "monitoring-two-executors"),
  (db) => {
    const [pool, ...others] = workerIdleTime(db);
    assert.deepEqual(others, []);
    // sum(worker_count) of node, by uid
    assert.deepEqual([pool!.executor, pool!.slots], [null, 3]);
    // count(*) of running by task_executor
    for (const [executor, number] of [["alpha", 9], ["beta", 1]] as const) {
      assert.equal(attempts(db, { executor }).length, number);
      assert.deepEqual(workerIdleTime(db, { executor }), []);
      const [block] = blocks(db, { executor });
      assert.deepEqual(
        [block!.block, block!.attempts, block!.workers],
        ["0", number, null],
      );
    }
    const named = new Set(bottleneck(db).map(({ executor }) => executor));
    assert.deepEqual([...named], ["alpha", "beta"]);
  },
);

// grep "Sent tasks" interchange.log: 20 tasks; "has died": both workers.
Deno.test("attempts() come from the interchange if only a manager's log names its workers", async () => {
  const set = sets.find(({ name }) => name === "htex-killed-idle")!;
  const runinfo = await unpacked(set);
  await withFiles(
    Object.fromEntries(
      filesNamed(runinfo, /^(?:parsl|interchange|manager)\.log$/)
        .map((path) => [
          path.slice(runinfo.length + 1),
          Deno.readFileSync(path),
        ]),
    ),
    (db) => {
      const accounts = attempts(db).map(({ account }) => account);
      assert.deepEqual(accounts, Array(20).fill("manager"));
      const [pool, ...others] = workerIdleTime(db);
      assert.deepEqual(others, []);
      assert.deepEqual([pool!.worker, pool!.slots], [null, 2]);
    },
  );
});

Deno.test("a worker lives from its first task on in a log that begins later", () =>
  withFiles(
    {
      "vine/transactions": `# time manager_pid MANAGER START|END
1700000001000000 1 TASK 1 RUNNING worker-a FIRST_RESOURCES {}
1700000004000000 1 WORKER worker-a DISCONNECTION FAILURE
1700000005000000 1 WORKER worker-b DISCONNECTION UNKNOWN
`,
    },
    (db) => {
      const [first] = workerIdleTime(db);
      const { start, end, life, busy } = first!;
      assert.deepEqual(
        [start, end, life, busy],
        [1700000001, 1700000004, 3, 3],
      );
      assert.equal(utilisation(db)[0]!.workers, 1);
      assert.equal(utilisation(db)[0]!.start, 1700000001);
    },
  ));

Deno.test("attempts() of a queue whose clock steps back end when they began", () =>
  withFiles({
    "000/wq/transaction_log": [
      "1 WORKER worker-a 127.0.0.1:9 CONNECTION",
      "2 TASK 1 WAITING app FIRST_RESOURCES {}",
      "5 TASK 1 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
      "4 TASK 1 WAITING_RETRIEVAL 127.0.0.1:9",
      "4 TASK 1 RETRIEVED SUCCESS 0 {} {}",
      "4 TASK 1 DONE SUCCESS 0",
      "10 WORKER worker-a 127.0.0.1:9 DISCONNECTION UNKNOWN",
    ].map((line) =>
      line.replace(/^\d+/, (second) => `${Number(second) + 1e9}000000 5`) + "\n"
    ).join(""),
  }, (db) => {
    assert.deepEqual(
      attempts(db).map(({ seconds, outcome, executor_task }) => [
        seconds,
        outcome,
        executor_task,
      ]),
      [[0, "done", "1"]],
    );
  }));

const traced = larger("desc-wq");

// In Python: START to DONE in function_data/NNNN/log, 63 times.
Deno.test({
  name:
    "attempts() come from the logs of functions, without other logs of a queue",
  ignore: traced.ignore,
  fn: () =>
    withFiles(
      Object.fromEntries(
        filesNamed(traced.path, /^(?:parsl\.log|log)$/)
          .map((path) => [
            path.slice(traced.path.length + 1),
            Deno.readFileSync(path),
          ]),
      ),
      (db) => {
        const found = attempts(db);
        assert.equal(found.length, 63);
        near(found.reduce((sum, { seconds }) => sum + seconds, 0), 42.319852);
        assert.equal(found.filter(({ task }) => task === null).length, 0);
      },
    ),
});

onLogs(
  "attempts() reads again what an import or the caller has changed",
  [logSet("threads.tar.gz", "tests/fixtures/workers", "")],
  (db) => {
    const [first] = attempts(db);
    const { app } = first!;
    first!.app = "another";
    assert.equal(attempts(db)[0]?.app, app);
    db.run(
      `UPDATE span SET attributes =
        json_set(json(attributes), '$.app', 'renamed')
      WHERE attributes ->> 'app' = ?`,
      [app],
    );
    assert.equal(attempts(db)[0]?.app, "renamed");
  },
);
