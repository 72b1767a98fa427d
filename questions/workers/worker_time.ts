// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { count, counted } from "../../display/text/format.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { lengthOf } from "./intervals.ts";
import { waitingTimes } from "./waiting_times.ts";
import { groupWorkers } from "./worker_groups.ts";
import {
  type Attempt,
  countWorkers,
  readWorkers,
  type Worker,
  type WorkerOptions,
} from "./workers.ts";

/** Options of {@linkcode workerTime}. */
export interface WorkerTimeOptions extends WorkerOptions {
  /**
   * Whose time: "run", "executor", "block", "manager", "worker" or "node"; any
   * attribute of workers or their managers; or "app", which leaves the time
   * without a task to no app. "run" by default.
   */
  by?: string;
}

/** What the time of a worker was used for, in the order of the rows. */
export type WorkerUse =
  | "useful"
  | "retried"
  | "failed"
  | "lost"
  | "unfinished"
  | "start-up"
  | "transfer"
  | "manager"
  | "dispatch"
  | "dependencies"
  | "nothing queued"
  | "unknown"
  | "drain";

const working: readonly WorkerUse[] = [
  "useful",
  "retried",
  "failed",
  "lost",
  "unfinished",
];
const idle: readonly WorkerUse[] = [
  "start-up",
  "transfer",
  "manager",
  "dispatch",
  "dependencies",
  "nothing queued",
  "unknown",
  "drain",
];

/** A part of the time that workers were paid for: a row of {@linkcode workerTime}. */
export interface WorkerTime {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of the executor. This and the parts below depend on `by`. */
  executor?: string | null;
  /** The number of the block. */
  block?: string | null;
  /** The id of the manager. */
  manager?: string | null;
  /** The worker: its number with its manager, or its name. */
  worker?: string | null;
  /** The name of the node. */
  node?: string | null;
  /** The app; null for time without a task. */
  app?: string | null;
  /** What the time was used for. */
  use: WorkerUse;
  /** Seconds of all slots together. */
  seconds: number;
  /** The part of `paid_seconds`, from 0 to 1. */
  share: number;
  /** All seconds of the group; by app those of the run. */
  paid_seconds: number;
  /** Number of workers; by app of attempts. */
  workers: number;
}

/**
 * Divides all the time that workers were paid for: what it was used for, and why
 * they had no task. The parts of a group add up to `paid_seconds`, which counts
 * each slot of a worker; parts of no seconds have no row.
 *
 * The rows are in the order of the groups and of {@linkcode WorkerUse}; see
 * {@linkcode WorkerTime} for the columns. The uses:
 *
 * - "useful": attempts whose result counted;
 * - "retried": failed attempts whose task was tried again, "failed": others;
 * - "lost": attempts that ended with their worker, manager or block;
 * - "unfinished": attempts without an end in any log;
 * - "start-up": from the start of the block, or the first line of the manager, to
 *   the first line of the worker; "drain": from the end of the worker to that of
 *   the block. A block starts and ends when Slurm's accounting says so, or else
 *   when Parsl noticed. Workers of a queue have neither;
 * - the other uses are causes of waiting, as {@linkcode workerActivity} describes
 *   them.
 *
 * The time that blocks waited in the batch system is not paid: see
 * {@linkcode blocks}. {@linkcode workerTimeText} says the rows in words.
 *
 * @throws {RangeError} for a name that fits no run, or several; for a `by` that
 * no worker has
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { workerTime } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const rows = workerTime(db, { run: "000" });
 * const seconds = rows.reduce((sum, { seconds }) => sum + seconds, 0);
 * assert.ok(Math.abs(seconds / rows[0]!.paid_seconds - 1) < 1e-6);
 * assert.ok(rows.some(({ use }) => use === "lost"));
 * ```
 */
export function workerTime(
  db: Database,
  options: WorkerTimeOptions = {},
): WorkerTime[] {
  const { by = "run" } = options;
  const workers = readWorkers(db, options);
  const rows = by === "app"
    ? groupWorkers(workers, "run").flatMap(timeByApp)
    : groupWorkers(workers, by).flatMap(({ name, workers }) => {
      const parts = partsOf(workers);
      const paid_seconds = paidBy(workers);
      return rowsOf(name, parts, paid_seconds, countWorkers(workers));
    });
  return answer(rows, ["workers", "paid_seconds"], {
    heading: workerTimeText(rows),
  });
}

const paidBy = (workers: readonly Worker[]): number =>
  sum(workers.flatMap(({ lanes }) => lanes), ({ paid }) => lengthOf(paid));

type Parts = ReadonlyMap<WorkerUse, number>;

/** The seconds of each use. */
const partsOf = (workers: readonly Worker[]): Parts =>
  sumsByUse([...workOf(workers), ...waitsOf(workers)]);

interface Part {
  use: WorkerUse;
  seconds: number;
}

function sumsByUse(parts: Iterable<Part>): Parts {
  const sums = new Map<WorkerUse, number>();
  for (const { use, seconds } of parts) {
    sums.set(use, (sums.get(use) ?? 0) + seconds);
  }
  return sums;
}

/** The seconds of each attempt, without those that it shares with another. */
function* workOf(workers: readonly Worker[]) {
  for (const { attempts } of workers.flatMap(({ lanes }) => lanes)) {
    let until = -Infinity;
    for (const attempt of attempts) {
      const { start, end, app } = attempt;
      const seconds = Math.max(0, end - Math.max(start, until));
      yield { app, use: useOf(attempt), seconds };
      until = Math.max(until, end);
    }
  }
}

/** The seconds without a task, by cause. */
function* waitsOf(workers: readonly Worker[]): Generator<Part> {
  const waitingOf = waitingTimes();
  for (const worker of workers) {
    for (const [cause, seconds] of Object.entries(waitingOf(worker))) {
      yield { use: cause as WorkerUse, seconds };
    }
    for (const { life, paid } of worker.lanes) {
      yield { use: "start-up", seconds: life[0] - paid[0] };
      yield { use: "drain", seconds: paid[1] - life[1] };
    }
  }
}

function useOf({ outcome, retried }: Attempt): WorkerUse {
  switch (outcome) {
    case "done":
      return "useful";
    case "failed":
      return retried ? "retried" : "failed";
    case "lost":
      return "lost";
    case "running":
      return "unfinished";
  }
}

function timeByApp(
  { name, workers }: ReturnType<typeof groupWorkers>[number],
): WorkerTime[] {
  const paid = paidBy(workers);
  const work = Map.groupBy(workOf(workers), ({ app }) => app);
  const rows = [...work].sort(([a], [b]) => (a ?? "").localeCompare(b ?? ""))
    .flatMap(([app, own]) =>
      rowsOf({ ...name, app }, sumsByUse(own), paid, own.length)
    );
  const waits = sumsByUse(waitsOf(workers));
  return [
    ...rows,
    ...rowsOf({ ...name, app: null }, waits, paid, countWorkers(workers)),
  ];
}

const rowsOf = (
  name: Pick<WorkerTime, "run" | "app">,
  parts: Parts,
  paid_seconds: number,
  workers: number,
): WorkerTime[] =>
  [...working, ...idle].flatMap((use) => {
    const seconds = parts.get(use) ?? 0;
    if (seconds === 0) return [];
    const share = seconds / paid_seconds;
    return [{ ...name, use, seconds, share, paid_seconds, workers }];
  });

/**
 * Says in words what the time of workers was used for: a line for each run of the
 * rows, which {@linkcode workerTime} gives. Uses below half a percent are left
 * out, apart from "useful".
 *
 * @example
 * ```ts
 * import { workerTimeText } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * const shared = { run: "000", paid_seconds: 40, workers: 4 };
 * const text = workerTimeText([
 *   { ...shared, use: "useful", seconds: 30, share: 0.75 },
 *   { ...shared, use: "nothing queued", seconds: 10, share: 0.25 },
 * ]);
 * assert.equal(
 *   text,
 *   "Run 000: 4 workers were there for 40 s in total: 75 % useful and 25 % idle " +
 *     "(25 % nothing queued).",
 * );
 * ```
 */
export function workerTimeText(rows: readonly WorkerTime[]): string {
  if (rows.length === 0) return "No workers.";
  return [...Map.groupBy(rows, ({ run }) => run)].map(([run, own]) => {
    const seconds = (uses: readonly WorkerUse[]) =>
      sum(
        own.filter(({ use }) => uses.includes(use)),
        ({ seconds }) => seconds,
      );
    const paid = sum(own, ({ seconds }) => seconds);
    const percent = (seconds: number) =>
      `${Math.round(100 * seconds / paid)} %`;
    const list = (uses: readonly WorkerUse[]) =>
      uses.map((use) => ({ use, seconds: seconds([use]) }))
        .filter(({ use, seconds }) =>
          use === "useful" || seconds / paid >= 0.005
        )
        .sort((a, b) => b.seconds - a.seconds)
        .map(({ use, seconds }) => `${percent(seconds)} ${use}`);
    const isByApp = own.some(({ app }) => app !== undefined);
    const groups = new Map(
      own.filter(({ app }) => app == null).map((row) => [groupOf(row), row]),
    );
    const workers = isByApp
      ? own.find(({ app }) => app === null)?.workers ?? 0
      : sum(groups.values(), ({ workers }) => workers);
    const uses = list(working);
    const causes = list(idle).join(", ");
    return `Run ${run ?? "without a name"}: ${counted(workers, "worker")} ` +
      `${workers === 1 ? "was" : "were"} there for ` +
      `${count(Number(paid.toPrecision(3)))} s in total: ` +
      `${uses.join(", ")}${uses.length > 1 ? "," : ""} and ` +
      `${percent(seconds(idle))} idle` + (causes ? ` (${causes}).` : ".");
  }).join("\n");
}

/** The group of a row, as text. */
function groupOf(row: WorkerTime): string {
  const { use: _, seconds: __, share: ___, ...group } = row;
  return JSON.stringify(group);
}
