// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { blocksOf } from "./blocks.ts";
import { lengthOf } from "./intervals.ts";
import { waitingTimes } from "./waiting_times.ts";
import { groupWorkers } from "./worker_groups.ts";
import { waitsOfBlocks, workerTimeText } from "./worker_time_text.ts";
import {
  edgesOf,
  idle,
  type WorkerTime,
  type WorkerUse,
  working,
  workOf,
} from "./worker_uses.ts";
import { placed, readModel } from "./read_workers.ts";
import {
  countWorkers,
  type Worker,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

/** Options of {@linkcode workerTime}. */
export interface WorkerTimeOptions extends WorkerOptions {
  /**
   * Whose time: "run", "executor", "block", "manager", "worker" or "node"; any
   * attribute of workers or their managers; or "app", which leaves the time
   * without a task to no app. "run" by default.
   */
  by?: string;
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
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor; for a `by` that no worker has
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
  checkQuestion("workerTime", db, options, { ...workerOptionNames, by: true });
  const { by = "run" } = options;
  const model = readModel(db, options);
  const workers = placed(model.workers);
  const rows = by === "app"
    ? groupWorkers(workers, "run").flatMap(timeByApp)
    : groupWorkers(workers, by, ["app"]).flatMap(({ name, workers }) => {
      const parts = partsOf(workers);
      const paid_seconds = paidBy(workers);
      return rowsOf(name, parts, paid_seconds, countWorkers(workers));
    });
  const heading = [workerTimeText(rows), ...waitsOfBlocks(blocksOf(model))];
  return answer(rows, ["workers", "paid_seconds"], {
    heading: heading.join("\n"),
  });
}

const paidBy = (workers: readonly Worker[]): number =>
  sum(workers.flatMap(({ lanes }) => lanes), ({ paid }) => lengthOf(paid));

type Parts = ReadonlyMap<WorkerUse, number>;

/** The seconds of each use. */
const partsOf = (workers: readonly Worker[]): Parts =>
  sumsByUse([...secondsOfWork(workers), ...waitsOf(workers)]);

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

function* secondsOfWork(workers: readonly Worker[]) {
  for (const { when, ...part } of workOf(workers)) {
    yield { ...part, seconds: lengthOf(when) };
  }
}

/** The seconds without a task, by cause. */
function* waitsOf(workers: readonly Worker[]): Generator<Part> {
  const waitingOf = waitingTimes();
  for (const worker of workers) {
    for (const [cause, seconds] of Object.entries(waitingOf(worker))) {
      yield { use: cause as WorkerUse, seconds };
    }
  }
  for (const { use, when } of edgesOf(workers)) {
    yield { use, seconds: lengthOf(when) };
  }
}

function timeByApp(
  { name, workers }: ReturnType<typeof groupWorkers>[number],
): WorkerTime[] {
  const paid = paidBy(workers);
  const work = Map.groupBy(secondsOfWork(workers), ({ app }) => app);
  const number = countWorkers(workers);
  const rows = [...work].sort(([a], [b]) => (a ?? "").localeCompare(b ?? ""))
    .flatMap(([app, own]) =>
      rowsOf({ ...name, app }, sumsByUse(own), paid, number)
    );
  const waits = sumsByUse(waitsOf(workers));
  return [...rows, ...rowsOf({ ...name, app: null }, waits, paid, number)];
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
