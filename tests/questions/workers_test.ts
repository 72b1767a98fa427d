// Over 300 lines: workers, paths and graphs are tested on the same runs.

import { strict as assert } from "node:assert";
import {
  attempts,
  criticalPath,
  taskGraph,
  utilisation,
  type WorkerActivity,
  workerActivity,
  workerIdleTime,
  workerTime,
} from "dnpc/questions";
import { type Database, openDatabase } from "dnpc/sql";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans, type TestSpan } from "../sql/spans.ts";
import { askPython } from "../importers/databases.ts";
import {
  filesNamed,
  larger,
  largerManagerLogs,
  logSet,
  onLogs,
  taskVineLogs,
  tzLogs,
  withFiles,
  wqLogs,
} from "../importers/logs.ts";

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-5, `${found}, not ${expected}`);

interface Told {
  executor: string;
  manager: string;
  worker: string;
  life: number;
  tasks: number;
  busy: number;
  held: number;
  dispatch: number;
  pending: number;
  none: number;
}

onLogs(
  "workerIdleTime() agrees with the lines of the logs",
  ["htex-head", "mon-htex", "multi-htex"].map(larger),
  async (db, { path }) => {
    for (const { name } of [...Deno.readDirSync(path)]) {
      if (!/^\d+$/.test(name)) continue;
      const rundir = `${path}/${name}`;
      const script = Deno.readTextFileSync("tests/questions/workers.py");
      const output = await askPython(script, rundir);
      if (output === undefined) return;
      const expected = new Map(
        JSON.parse(output).map((row: Told) => [
          `${row.executor} ${row.manager} ${row.worker}`,
          row,
        ]),
      ) as Map<string, Told>;
      const rows = workerIdleTime(db, { run: rundir });
      assert.equal(rows.length, expected.size);
      for (const row of rows) {
        const { executor, manager, worker } = row;
        const counted = expected.get(`${executor} ${manager} ${worker}`)!;
        assert.equal(row.tasks, counted.tasks);
        near(row.life, counted.life);
        near(row.busy, counted.busy);
        near(row.nothing_queued, counted.none);
        near(row.waiting_for_dispatch, counted.dispatch);
        near(row.waiting_for_dependencies, counted.pending);
        near(row.waiting_for_manager, counted.held);
        assert.equal(row.unknown, 0);
      }
    }
  },
);

/** Asserts that the pieces of a slot have no gap, and that only work overlaps. */
function assertWhole(pieces: readonly WorkerActivity[]): void {
  const workers = Map.groupBy(
    pieces,
    ({ run, executor, block, manager, worker, slot }) =>
      JSON.stringify([run, executor, block, manager, worker, slot]),
  );
  for (const pieces of workers.values()) {
    let until = pieces[0]!.start;
    for (const { state, start, end, seconds, task } of pieces) {
      assert.ok(start <= end && start <= until);
      assert.equal(seconds, end - start);
      if (state !== "busy") assert.deepEqual([start, task], [until, null]);
      until = Math.max(until, end);
    }
  }
}

onLogs(
  "workerActivity() has no gap, and utilisation() adds it up",
  [tzLogs, wqLogs, ...["obs-wf", "multi-htex", "desc-wq"].map(larger)],
  (db) => {
    const pieces = workerActivity(db);
    assert.ok(pieces.length > 100);
    assertWhole(pieces);
    const all = pieces.reduce((sum, { seconds }) => sum + seconds, 0);
    const busy = pieces.reduce(
      (sum, { state, seconds }) => state === "busy" ? sum + seconds : sum,
      0,
    );
    for (
      const by of ["run", "executor", "block", "manager", "worker"] as const
    ) {
      for (const per of [undefined, 0.1, 7]) {
        const rows = utilisation(db, { by, ...(per !== undefined && { per }) });
        const sum = (name: "worker_seconds" | "busy_seconds") =>
          rows.reduce((sum, row) => sum + row[name]!, 0);
        near(sum("worker_seconds"), all);
        near(sum("busy_seconds"), busy);
        for (const row of rows) {
          assert.ok(row.utilisation >= 0 && row.utilisation <= 1 + 1e-9);
          near(row.utilisation, row.busy_seconds! / row.worker_seconds!);
        }
      }
    }
  },
);

// awk '$3 == "TASK" && $5 == "RUNNING" { since[$4] = $1 }
//   $3 == "TASK" && $5 == "WAITING_RETRIEVAL" { busy += $1 - since[$4] }
//   END { printf "%.6f", busy / 1e6 }' transaction_log; no two tasks run at once.
onLogs("workerIdleTime() measures Work Queue's worker", [wqLogs], (db) => {
  const [worker, ...others] = workerIdleTime(db);
  assert.deepEqual(others, []);
  near(worker!.busy, 71.088894);
  near(worker!.life, 72.239281);
  assert.equal(worker!.tasks, 104);
  assert.deepEqual([worker!.block, worker!.manager], [null, null]);
});

// A missing file reduces knowledge, but must not cause errors.
const inRun = [...filesNamed(tzLogs.path, /./)]
  .map((path) => path.slice(tzLogs.path.length + 1));

for (const missing of inRun) {
  Deno.test(`workers, paths and graphs work without ${missing}`, () => {
    const left = inRun.filter((name) => name !== missing);
    return withFiles(
      Object.fromEntries(
        left.map((name) => [name, Deno.readFileSync(`${tzLogs.path}/${name}`)]),
      ),
      (db) => {
        const pieces = workerActivity(db);
        assertWhole(pieces);
        const workers = workerIdleTime(db);
        // Monitoring has the tasks of a worker without a log.
        assert.equal(workers.length, 2);
        for (const row of workers) {
          const { life, busy, nothing_queued, unknown } = row;
          const waits = row.waiting_for_dispatch + row.waiting_for_manager +
            row.waiting_for_dependencies;
          near(busy + nothing_queued + waits + unknown, life);
          // The interchange of this version does not log waiting tasks, but
          // monitoring has them.
          assert.equal(unknown, 0);
        }
        assert.equal(utilisation(db).length, 1);
        assert.equal(taskGraph(db).nodes.length, 62);
        assert.ok(criticalPath(db).length > 0);
      },
      { timeZone: "America/New_York" },
    );
  });
}

// In Python: each end is in the thread of the pool; a task began when it was
// launched, or when its thread had finished the one before.
onLogs("workerIdleTime() measures the threads of a pool", [larger("threads")], (
  db,
) => {
  const rows = workerIdleTime(db);
  assert.deepEqual(
    rows.map(({ worker, tasks }) => [worker?.slice(-1), tasks]),
    [["0", 36], ["1", 31], ["2", 26], ["3", 23]],
  );
});

onLogs("workerActivity() measures TaskVine's workers", [taskVineLogs], (db) => {
  const rows = workerActivity(db);
  assert.deepEqual(
    rows.filter(({ worker }) => worker === "worker-aaaa")
      .map(({ worker, slot, state, seconds }) => [
        worker,
        slot,
        state,
        seconds.toFixed(6),
      ]),
    // Four cores each and a task of one core: four slots.
    [
      ["worker-aaaa", 0, "transfer", "0.001608"],
      ["worker-aaaa", 0, "dispatch", "0.000665"],
      ["worker-aaaa", 0, "busy", "0.535835"],
      ...[1, 2, 3].flatMap((slot) => [
        ["worker-aaaa", slot, "transfer", "0.001608"],
        ["worker-aaaa", slot, "dispatch", "0.000665"],
        ["worker-aaaa", slot, "nothing queued", "0.535835"],
      ]),
    ],
  );
  const other = rows.filter(({ worker }) => worker === "worker-bbbb");
  assert.deepEqual(
    other.filter(({ slot }) => slot === 0)
      .map(({ state, seconds }) => [state, seconds.toFixed(6)]),
    [
      ["dispatch", "0.000100"],
      ["busy", "1.158491"],
      ["transfer", "0.000109"],
      ["nothing queued", "2.841300"],
    ],
  );
});

const place = {
  rundir: "r",
  run: "run",
  executor: "e",
  block: "0",
  manager: "m",
};

/** Spans of a task in the try, the interchange, the manager and a worker. */
function taskSpans(
  number: number,
  times: {
    launched?: number;
    queued?: number;
    sent?: number;
    got?: number;
    received?: number;
    finished?: number;
    worker?: string;
  },
): TestSpan[] {
  const { launched, queued, sent, got, received, finished, worker = "0" } =
    times;
  const attributes = {
    ...place,
    executor_task: String(number),
    task: String(number),
    try: "0",
  };
  const span = (
    type: string,
    events: [number | undefined, string][],
    more = {},
  ): TestSpan[] => {
    const known = events.flatMap(([time, type]) =>
      time === undefined ? [] : [[time, type] as const]
    );
    return known.length === 0
      ? []
      : [{ type, attributes: { ...attributes, ...more }, events: known }];
  };
  return [
    ...span("parsl.rundir.try", [[launched, "launched"]]),
    ...span("parsl.executor.htex.interchange.task", [
      [queued, "interchange_queued"],
      [sent, "interchange_to_manager"],
    ]),
    ...span("parsl.executor.htex.manager.task", [[got, "manager_got_task"]]),
    ...span("parsl.executor.htex.worker.task", [
      [received, "worker_received_task"],
      [finished, "worker_all_finished_task"],
    ], { worker }),
  ];
}

const workerSpan = (worker: string, from: number, to: number): TestSpan => ({
  type: "parsl.executor.htex.worker",
  attributes: { ...place, worker },
  events: [[from, "started"], [to, "Exiting"]],
});

const pieces = (db: Database) => {
  const found = workerActivity(db);
  assertWhole(found);
  return found.map(({ worker, state, start, end }) =>
    `${worker} ${state} ${start}-${end}`
  );
};

onDatabase("workerActivity() divides a gap by reasons", (db) => {
  addKnownSpans(db, [
    workerSpan("0", 0, 100),
    ...taskSpans(1, { launched: 2, sent: 5, received: 10, finished: 20 }),
    // Its launched event is later than its queued event.
    ...taskSpans(2, {
      launched: 33,
      queued: 30,
      sent: 35,
      got: 37,
      received: 40,
      finished: 50,
    }),
    // For another worker; worker 0 waits too.
    ...taskSpans(3, {
      queued: 48,
      sent: 60,
      received: 62,
      finished: 70,
      worker: "1",
    }),
  ]);
  assert.deepEqual(pieces(db), [
    "0 nothing queued 0-2",
    "0 dispatch 2-5",
    "0 manager 5-10",
    "0 busy 10-20",
    "0 nothing queued 20-30",
    "0 dispatch 30-35",
    "0 manager 35-40",
    "0 busy 40-50",
    "0 dispatch 50-60",
    "0 manager 60-62",
    "0 nothing queued 62-100",
    "1 busy 62-70",
  ]);
});

const life = workerSpan("0", 0, 100);
const done = { received: 40, finished: 50 };
const cases: [claim: string, spans: TestSpan[], expected: string[]][] = [
  ["only the worker's log", taskSpans(1, done), [
    "0 unknown 0-40",
    "0 busy 40-50",
    "0 unknown 50-100",
  ]],
  ["no interchange.log", taskSpans(1, { ...done, launched: 10, got: 20 }), [
    "0 nothing queued 0-10",
    "0 dispatch 10-20",
    "0 manager 20-40",
    "0 busy 40-50",
    "0 nothing queued 50-100",
  ]],
  [
    "no manager.log, no interchange.log",
    taskSpans(1, { ...done, launched: 10 }),
    [
      "0 nothing queued 0-10",
      "0 dispatch 10-40",
      "0 busy 40-50",
      "0 nothing queued 50-100",
    ],
  ],
  ["no task", [], ["0 unknown 0-100"]],
  ["an unfinished task", taskSpans(1, { launched: 10, received: 40 }), [
    "0 nothing queued 0-10",
    "0 dispatch 10-40",
    "0 busy 40-100",
  ]],
  ["an unfinished task before another", [
    ...taskSpans(1, { launched: 0, received: 10 }),
    ...taskSpans(2, { launched: 0, received: 60, finished: 70 }),
  ], [
    "0 dispatch 0-10",
    "0 busy 10-60",
    "0 busy 60-70",
    "0 nothing queued 70-100",
  ]],
  ["tasks at the same time", [
    ...taskSpans(1, { launched: 0, received: 10, finished: 50 }),
    ...taskSpans(2, { launched: 0, received: 40, finished: 70 }),
    ...taskSpans(3, { launched: 0, received: 41, finished: 45 }),
  ], [
    "0 dispatch 0-10",
    "0 busy 10-50",
    "0 busy 40-70",
    "0 busy 41-45",
    "0 nothing queued 70-100",
  ]],
  ["a task that begins and ends in one millisecond", [
    ...taskSpans(1, { launched: 0, received: 10, finished: 10 }),
  ], [
    "0 dispatch 0-10",
    "0 busy 10-10",
    "0 nothing queued 10-100",
  ]],
  ["a task that was never sent", [
    ...taskSpans(1, { launched: 10 }),
  ], ["0 nothing queued 0-10", "0 dispatch 10-100"]],
  [
    "clock skew",
    taskSpans(1, { launched: 45, sent: 44, received: 40, finished: 50 }),
    ["0 nothing queued 0-40", "0 busy 40-50", "0 nothing queued 50-100"],
  ],
];

for (const [claim, spans, expected] of cases) {
  onDatabase(
    `workerActivity() divides the life of a worker with ${claim}`,
    (db) => {
      addKnownSpans(db, [life, ...spans]);
      assert.deepEqual(pieces(db), expected);
    },
  );
}

onDatabase("utilisation() with per counts the workers of each bin", (db) => {
  addKnownSpans(db, [
    workerSpan("0", 5, 30),
    workerSpan("1", 20, 40),
    ...taskSpans(1, { launched: 0, received: 10, finished: 25 }),
  ]);
  const run = { run: "run" };
  assert.deepEqual(utilisation(db), [{
    ...run,
    executor: "e",
    start: 5,
    end: 40,
    workers: 2,
    slots: 2,
    // No log has an end of worker 0: it lives to the last known time.
    worker_seconds: 55,
    busy_seconds: 15,
    utilisation: 15 / 55,
  }]);
  assert.deepEqual(utilisation(db, { by: "run", per: 20 }), [
    {
      ...run,
      start: 0,
      end: 20,
      workers: 1,
      slots: 1,
      worker_seconds: 15,
      busy_seconds: 10,
      utilisation: 10 / 15,
    },
    {
      ...run,
      start: 20,
      end: 40,
      workers: 2,
      slots: 2,
      worker_seconds: 40,
      busy_seconds: 5,
      utilisation: 5 / 40,
    },
  ]);
  assert.throws(() => utilisation(db, { executor: "f" }), /no executor "f"/);
  assert.throws(() => utilisation(db, { run: "s" }), { name: "RangeError" });
  assert.equal(utilisation(db, { run: "r", by: "worker" }).length, 2);
  assert.throws(() => utilisation(db, { per: 0 }), { name: "RangeError" });
  assert.throws(() => utilisation(db, { per: 1e-5 }), { name: "RangeError" });
  assert.throws(() => utilisation(db, { by: "colour" }), {
    name: "RangeError",
    message: /no "colour" to group by: there is "run", .*"node"/,
  });
  assert.throws(() => utilisation(db, { weight: "cores" }), {
    name: "RangeError",
    message: /no log gives the "cores" of these workers: there is "slots"/,
  });
});

Deno.test("workerIdleTime() of 1,000 idle workers is fast", async () => {
  using db = await openDatabase(undefined, { engine: "native" });
  const workers = Array.from(
    { length: 1000 },
    (_, i) => workerSpan(String(i), 0, 100_000),
  );
  // One task at a time, so that the queue fills and empties each time.
  const tasks = Array.from({ length: 5000 }, (_, i) =>
    taskSpans(i, {
      launched: 10 * i,
      sent: 10 * i + 2,
      received: 10 * i + 3,
      finished: 10 * i + 8,
      worker: String(i % 1000),
    }));
  addKnownSpans(db, [...workers, ...tasks.flat()]);
  const rows = workerIdleTime(db);
  assert.equal(rows.length, 1000);
  const [first] = rows;
  assert.deepEqual([first!.busy, first!.waiting_for_dispatch], [25, 10_000]);
  assert.equal(first!.waiting_for_manager, 5000);
  assert.equal(utilisation(db, { by: "run" })[0]!.busy_seconds, 25_000);
});

onLogs("workerTime() reads the workers once", [wqLogs], (db) => {
  const { query } = db;
  const queriesOf = (ask: (db: Database) => unknown) => {
    let count = 0;
    db.query = ((...given: Parameters<typeof query>) => {
      count++;
      return query.apply(db, given);
    }) as typeof query;
    ask(db);
    return count;
  };
  // The first question keeps rows for the next ones.
  workerIdleTime(db);
  assert.equal(queriesOf(workerTime), queriesOf(workerIdleTime));
});

Deno.test("workerActivity() and workerIdleTime() know tasks within the time of another", () =>
  withFiles({
    "000/wq/transaction_log": [
      "1 WORKER worker-a 127.0.0.1:9 CONNECTION",
      "2 TASK 1 WAITING app FIRST_RESOURCES {}",
      "2 TASK 2 WAITING app FIRST_RESOURCES {}",
      "3 TASK 1 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
      "4 TASK 2 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
      "5 TASK 2 WAITING_RETRIEVAL 127.0.0.1:9",
      "9 TASK 1 WAITING_RETRIEVAL 127.0.0.1:9",
      "10 WORKER worker-a 127.0.0.1:9 DISCONNECTION UNKNOWN",
    ].map((line) =>
      line.replace(/^\d+/, (second) => `${Number(second) + 1e9}000000 5`) + "\n"
    ).join(""),
  }, (db) => {
    const busy = workerActivity(db).filter(({ state }) => state === "busy");
    assert.deepEqual(
      busy.map(({ start, end }) => [start - 1e9, end - 1e9]),
      [[3, 9], [4, 5]],
    );
    const [worker] = workerIdleTime(db);
    // Nine seconds in each of two slots.
    assert.deepEqual([worker!.tasks, worker!.busy, worker!.life], [2, 7, 18]);
    assert.equal(utilisation(db)[0]!.busy_seconds, 7);
  }));

onLogs(
  "workerIdleTime() counts workers of a queue to the end of a log without an end",
  [largerManagerLogs],
  (db, { path }) => {
    const of = (folder: string) => {
      const rows = workerIdleTime(db, { run: `${path}/${folder}` });
      const sum = (name: "life" | "busy" | "tasks") =>
        Math.round(rows.reduce((sum, row) => sum + row[name], 0));
      return [sum("life"), sum("busy"), sum("tasks")];
    };
    // Counted in Python: from CONNECTION to DISCONNECTION or the last line, and
    // from RUNNING to the task's next state or the last line, libraries apart.
    assert.deepEqual(of("lnni"), [32_161, 7_075, 324]);
    // 51 workers of four cores, and each task takes one: core seconds.
    assert.deepEqual(of("minitask/minitask"), [55_187, 17_848, 1_000]);
    assert.deepEqual(of("wq-colmena/colmena_wq"), [123_713, 68_279, 1_228]);
  },
);

onLogs(
  "attempts() gives a task that ended before Parsl waited for it to a thread of its pool",
  [logSet("executors.tar.gz", "tests/fixtures/experiments", "")],
  (db) => {
    const rows = attempts(db, { run: "000" });
    // The threads that log "from launched to exec_done", in Python: 30, 29, 27, 33
    // times, and Task-Launch_0 once, for task 3. threads_1 was idle just then.
    assert.deepEqual(
      [0, 1, 2, 3].map((i) =>
        rows.filter(({ worker }) => worker?.endsWith(`threads_${i}`)).length
      ),
      [30, 30, 27, 33],
    );
    const task = rows.find(({ task }) => task === "3");
    assert.equal(task?.worker, "ThreadPoolExecutor-threads_1");
  },
);
