import { importRuninfo } from "dnpc/importers";
import { utilisation, workerActivity, workerIdleTime } from "dnpc/questions";
import { busyWorkers, type WorkerLife, workerLives } from "dnpc/plots";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";

const close = (a: number, b: number, by = 1e-6) =>
  assert.ok(Math.abs(a - b) < by, `${a}, ${b}`);

/** The workers' tasks in tz, parsed from their logs without this library. */
function tasksOfWorkers() {
  const block = new URL(
    "../fixtures/tz/runinfo/000/htex_Local/block-0/cdef75e04b07/",
    import.meta.url,
  );
  return ["0", "1"].flatMap((worker) => {
    const text = Deno.readTextFileSync(new URL(`worker_${worker}.log`, block));
    const times = (words: string) =>
      text.split("\n").filter((line) => line.includes(words))
        .map((line) => Date.parse(`${line.slice(0, 23)}Z`) / 1000);
    const ends = times("All processing finished for executor task");
    return times("Received executor task")
      .map((start, i) => ({ worker, start, end: ends[i]! }));
  });
}

// Computed in Python from the same lines. Worker 0: 41 tasks, busy 3.873 s of the
// 4.709 s from first start to last end; worker 1: 22 tasks, 4.252 s of 4.653 s;
// both were busy at once for 3.527 s.
Deno.test("workerLives() sums the busy time of the workers in tz", () => {
  const rows = tasksOfWorkers();
  assert.equal(rows.length, 63);
  for (const input of [rows, rows.toReversed()]) {
    const { lives, steps } = workerLives(input);
    assert.deepEqual(lives.map(({ worker }) => worker), ["0", "1"]);
    close(lives[0]!.busy, 3.873);
    close(lives[0]!.life, 4.709);
    close(lives[1]!.busy, 4.252);
    close(lives[1]!.life, 4.653);
    let both = 0;
    steps.busy.forEach((busy, i) => {
      if (busy === 2) both += steps.time[i + 1]! - steps.time[i]!;
    });
    close(both, 3.527);
  }
});

Deno.test("busyWorkers() agrees with the questions about workers on imported logs", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo", {
    timeZone: "America/New_York",
  });
  const idle = workerIdleTime(db);
  const same = (lives: WorkerLife[]) => {
    assert.equal(lives.length, idle.length);
    lives.forEach(({ worker, life, busy }, i) => {
      assert.equal(worker, idle[i]!.worker);
      close(life, idle[i]!.life);
      close(busy, idle[i]!.busy);
    });
  };
  same(workerLives(workerActivity(db)).lives);
  same(workerLives(idle).lives);
  const [whole] = utilisation(db, { by: "run" });
  const share = `busy ${Math.round(whole!.utilisation * 100)}%`;
  for (
    const rows of [
      workerActivity(db),
      idle,
      utilisation(db, { by: "worker", per: 0.5 }),
    ]
  ) {
    const { caption } = busyWorkers(rows);
    assert.ok(caption.includes(share), `${caption}, ${share}`);
  }
});

Deno.test("workerLives() counts a worker with overlapping tasks once", () => {
  const { lives, steps, overlapping } = workerLives([
    { worker: "a", start: 0, end: 4 },
    { worker: "a", start: 2, end: 6 },
    { worker: "a", start: 8, end: 10 },
  ]);
  assert.equal(lives[0]!.busy, 8);
  assert.equal(lives[0]!.share, 0.8);
  assert.equal(overlapping, 1);
  assert.deepEqual([...steps.time], [0, 4, 6, 8, 10]);
  assert.deepEqual([...steps.busy], [1, 1, 0, 1, 0]);
  assert.deepEqual([...steps.all], [1, 1, 1, 1, 0]);
});

Deno.test("workerLives() orders blocks and workers by number", () => {
  const { lives } = workerLives([
    { block: "10", worker: "0", start: 0, end: 1 },
    { block: "2", worker: "0", start: 0, end: 1 },
    { block: "2", worker: "1", start: 0, end: 1 },
  ]);
  assert.deepEqual(
    lives.map(({ groups, worker }) => [...groups, worker]),
    [["2", "0"], ["2", "1"], ["10", "0"]],
  );
});

Deno.test("busyWorkers() counts rows without a time, open rows and reversed rows", () => {
  const { caption } = busyWorkers([
    { worker: "a", start: 0, end: 4 },
    { worker: "a", start: null, end: 5 },
    { worker: "b", start: 5, end: 2 },
    { worker: "b", start: 7, end: null },
    { worker: "c", start: 0, end: 10, state: "busy" },
  ]);
  assert.match(caption, /1 row has no end/);
  assert.match(caption, /1 row ends before the start/);
  assert.match(caption, /1 row without a time left out/);
});

Deno.test("busyWorkers() shows each worker's busy share beside its line", () => {
  const { svg } = busyWorkers([
    { worker: "a", start: 0, end: 1 },
    { worker: "a", start: 3, end: 4 },
    { worker: "b", start: 0, end: 4 },
  ]);
  for (const share of ["50%", "100%"]) {
    assert.ok(svg.includes(`>${share}</text>`));
  }
});

Deno.test("workerLives() distinguishes workers by their block", () => {
  const row = { start: 0, end: 1 };
  const { lives } = workerLives([
    { ...row, block: 0, worker: 1 },
    { ...row, block: 1, worker: 1 },
    { ...row, block: null, worker: 1 },
    { ...row, block: "0", worker: "1", start: 1, end: 2 },
    { ...row, block: undefined, worker: 1, start: 1, end: 2 },
  ]);
  assert.deepEqual(
    lives.map(({ groups, worker, life }) => [...groups, worker, life]),
    [["", "1", 2], ["0", "1", 2], ["1", "1", 1]],
  );
});

Deno.test("busyWorkers() calls runs by their labels, or by the ends of their paths", () => {
  const rows = ["000", "001"].map((run, i) => ({
    run,
    worker: "0",
    start: i,
    end: i + 1,
  }));
  const { lives } = workerLives(rows);
  assert.deepEqual(lives.map(({ groups }) => groups), [["000"], ["001"]]);
  const headingsOf = (rows: object[]) =>
    busyWorkers(rows).options.panels?.map(({ heading }) => heading);
  assert.deepEqual(
    headingsOf(rows),
    ["run 000", undefined, "run 001", undefined],
  );
  assert.match(
    busyWorkers(rows, { facet: null }).svg,
    />run 000: 1 worker, busy 100%</,
  );
  const ofPaths = rows.map((row, i) => ({
    ...row,
    run: `/scratch/logs/run${i}`,
  }));
  assert.deepEqual(
    headingsOf(ofPaths),
    ["run0", undefined, "run1", undefined],
  );
});

/** Two workers of two slots: one is busy for 3 of 4 s of each slot. */
const slots = ["worker-0123456789abcdef", "worker-fedcba9876543210"]
  .flatMap((worker, w) =>
    [0, 1].flatMap((slot) => [
      { worker, slot, state: "busy", start: 0, end: 3 },
      { worker, slot, state: w ? "busy" : "transfer", start: 3, end: 4 },
    ])
  );

Deno.test("busyWorkers() counts slots, and names workers by their first digits", () => {
  const { caption, svg, options } = busyWorkers(slots);
  assert.match(
    caption,
    /^4 slots of 2 workers, busy 88% of the 16 s of slot time; at most 4 at/,
  );
  assert.match(svg, />worker 01234567: 2 slots, busy 75%</);
  assert.match(svg, />worker fedcba98: 2 slots, busy 100%</);
  assert.deepEqual(
    options.panels!.map(({ legend = [] }) => legend.map(({ label }) => label)),
    [["busy", "all slots"], ["busy", "transfer"]],
  );
});

// The README of the fixtures has the number of connections, and of slots of each.
Deno.test("busyWorkers() draws each slot of TaskVine's workers", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/workers/taskvine-slots.tar.gz");
  const { caption } = busyWorkers(workerActivity(db));
  assert.match(caption, /^8 slots of 2 workers, busy .*; at most 8 at once/);
});

Deno.test("busyWorkers() calls the slots of managers without workers workers", () => {
  const { caption, svg } = busyWorkers(
    slots.map(({ worker, ...row }) => ({
      manager: worker,
      worker: null,
      ...row,
    })),
  );
  assert.match(caption, /^4 workers, busy/);
  assert.match(svg, />manager worker-01234567: 2 workers, busy 75%</);
});
