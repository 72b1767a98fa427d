// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { secondsBetween } from "../events/statistics.ts";
import { keyOf } from "./executions.ts";
import { lengthOf } from "./intervals.ts";
import { earliest } from "./read_blocks.ts";
import { readModel } from "./read_workers.ts";
import { byName, type WorkerName, type WorkerOptions } from "./worker.ts";

/** A block: a row of {@linkcode blocks}. */
export interface Block {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of its executor. */
  executor: string | null;
  /** Its number. */
  block: string | null;
  /** The batch system's name of its job. */
  job: string | null;
  /** When its job was submitted, in Unix seconds. */
  submitted: number | null;
  /**
   * When it started: as the batch system's accounting says, or else the first
   * sign of it, which is a line of one of its managers, or Parsl noticing.
   */
  started: number | null;
  /** When it ended; null if no log has it. */
  ended: number | null;
  /** Seconds that it waited in the batch system, which nobody pays for. */
  queued_seconds: number | null;
  /** Seconds from its start to its end. */
  seconds: number | null;
  /** Its last state, as Parsl saw it: "SCALED_IN". */
  state: string | null;
  /** Exit code of its submit script; null if unknown. */
  exit_code: string | null;
  /** Number of its workers that any log names. */
  workers: number;
  /** Number of attempts at tasks in it. */
  attempts: number;
  /** Seconds in which its slots had a task, in total. */
  busy_seconds: number;
}

/**
 * Lists the blocks: how long each waited in the batch system, when it started and
 * ended, and why, and what its workers did.
 *
 * The rows are in the order of run, executor and block; see {@linkcode Block} for
 * the columns. Times come from parsl.log or monitoring, and from Slurm's
 * accounting if it was imported; of two accounts the earlier counts.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { blocks } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const [first] = blocks(db, { run: "000" });
 * assert.equal(first!.state, "SCALED_IN");
 * assert.equal(first!.workers, 4);
 * ```
 */
export function blocks(db: Database, options: WorkerOptions = {}): Block[] {
  const { workers, blocks, runs } = readModel(db, options);
  const byBlock = <T extends Pick<WorkerName, "run" | "executor" | "block">>(
    all: readonly T[],
  ) => Map.groupBy(all, (one) => keyOf(one.run, one.executor, one.block));
  const inBlock = byBlock(workers);
  // The executor of an attempt is known even if that of its worker is not.
  const attemptsIn = byBlock(workers.flatMap(({ attempts }) => attempts));
  const rows = blocks.entries().map(([key, life]): Block => {
    const { executor, block, job, submitted, ended, state, exit_code } = life;
    const run = runs.get(key.split("\0")[0]!)?.label ?? life.run;
    const name = keyOf(run, executor, block);
    const lanes = (inBlock.get(name) ?? []).flatMap(({ lanes }) => lanes);
    const attempts = attemptsIn.get(name) ?? [];
    const signs = lanes.map(({ paid }) => paid[0]);
    const started = life.started ?? earliest(life.up, ...signs);
    return {
      run,
      executor,
      block,
      job,
      submitted,
      started,
      ended,
      queued_seconds: secondsBetween(submitted, started),
      seconds: secondsBetween(started, ended),
      state,
      exit_code,
      workers: lanes.length,
      attempts: attempts.length,
      busy_seconds: sum(
        attempts,
        ({ start, end }) => lengthOf([start, end]),
      ),
    };
  });
  return answer(
    [...rows].sort(byName),
    ["run", "executor", "job", "attempts", "ended", "started", "submitted"],
  );
}
