import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { readModel } from "./read_workers.ts";
import {
  type Attempt,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

/**
 * Lists the attempts: each execution of a task on a worker, from when the worker
 * received it to its end, however it ended. It is the relation behind
 * {@linkcode workerActivity}, {@linkcode utilisation} and {@linkcode workerTime}.
 *
 * The rows are in the order of their start; see {@linkcode Attempt} for the
 * columns. Each attempt comes from the account that knows it best:
 *
 * - the log of a worker, or the transactions of a queue;
 * - monitoring's `running` and `running_ended`; it names the block and the host,
 *   not the manager or the worker;
 * - the interchange's log, if a manager's workers left no logs and monitoring has
 *   no such rows: more tasks than it has workers wait for each other;
 * - for a pool of threads without monitoring, the thread that logged the end of
 *   a try: it began when it was launched, or when the thread was done with the
 *   one before. If the thread that launched it logged its end, it was over before
 *   that, and is an attempt of a thread that was idle just then.
 *
 * The processes of a TaskVine library are no attempts, its calls are. Tasks that
 * Parsl executes itself, as joins, are left out unless you name the executor
 * `_parsl_internal`.
 *
 * If no log has the end of an attempt, it ends with the earliest proof that it
 * was over: the worker died or was started again, disconnected, or its life
 * ended; its next attempt began; Parsl had a result. A worker lives from its
 * first line to the last line of its manager's log, or of its own if that is
 * later; in a queue until it disconnects, or the manager ends or, without such a
 * line, until the log ends. Without the manager's log the earliest of these ends
 * it: the interchange lost the manager, the block ended, the run ended. If there
 * is none, it lives to the last moment that the logs of the run know, which
 * `ended_by` says.
 *
 * Monitoring does not name the executor of a manager. If several executors have a
 * block of the same number on a host, and no other log tells, their managers are
 * one worker whose executor is null: the attempts still name theirs.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { attempts } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const lost = attempts(db, { run: "000" })
 *   .filter(({ outcome }) => outcome === "lost");
 * assert.equal(lost.length, 2);
 * assert.equal(lost[0]!.retried, 1);
 * ```
 */
export function attempts(
  db: Database,
  options: WorkerOptions = {},
): Attempt[] {
  checkQuestion("attempts", db, options, workerOptionNames);
  const rows = eachAttempt(db, options).map((attempt) => ({ ...attempt }));
  return answer(
    rows.toArray().sort((a, b) => a.start - b.start),
    secondary,
    { noun: "attempt" },
  );
}

/**
 * Yields the rows of {@linkcode attempts} one by one, worker after worker. The
 * next question reads the same rows: do not change them.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { eachAttempt } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const lost = eachAttempt(db, { run: "000" })
 *   .filter(({ outcome }) => outcome === "lost");
 * assert.equal(lost.toArray().length, 2);
 * ```
 */
export function eachAttempt(
  db: Database,
  options: WorkerOptions = {},
): IteratorObject<Readonly<Attempt>> {
  checkQuestion("eachAttempt", db, options, workerOptionNames);
  return readModel(db, options).workers.values()
    .flatMap(({ attempts }) => attempts);
}

const secondary =
  ("app try manager block retried received start host ended_by " +
    "executor end account executor_task gpus disk_mb memory_mb cores span_id")
    .split(" ");
