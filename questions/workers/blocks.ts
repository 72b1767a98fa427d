// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { secondsBetween } from "../events/statistics.ts";
import { keyOf, runOf } from "./place_rows.ts";
import { lengthOf } from "./intervals.ts";
import { type BlockLife, earliest } from "./read_blocks.ts";
import { readModel } from "./read_workers.ts";
import {
  type Attempt,
  byName,
  type Worker,
  type WorkerName,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

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
  exit_code: number | null;
  /** Number of its workers; null if no log says which workers were in it. */
  workers: number | null;
  /** Number of attempts at tasks in it. */
  attempts: number | null;
  /** Seconds in which its slots had a task, in total. */
  busy_seconds: number | null;
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
  checkQuestion("blocks", db, options, workerOptionNames);
  return answer(
    blocksOf(readModel(db, options)),
    ["run", "executor", "job", "attempts", "ended", "started", "submitted"],
  );
}

/** The blocks of workers that were read. */
export const blocksOf = (model: ReturnType<typeof readModel>): Block[] =>
  describeBlocks(model).map(({ block }) => block);

/** A block, with the work in it. */
interface DescribedBlock {
  block: Block;
  lanes: Worker["lanes"];
  attempts: readonly Attempt[];
  /** Whether the logs say which workers were in which block. */
  isKnown: boolean;
}

/** The blocks, each with the slots of its workers and their attempts. */
export function describeBlocks(
  { workers, blocks, runs }: ReturnType<typeof readModel>,
): DescribedBlock[] {
  const byBlock = <T extends Pick<WorkerName, "run" | "executor" | "block">>(
    all: readonly T[],
  ) => Map.groupBy(all, (one) => keyOf(one.run, one.executor, one.block));
  const inBlock = byBlock(workers);
  // The executor of an attempt is known even if that of its worker is not.
  const attemptsIn = byBlock(workers.flatMap(({ attempts }) => attempts));
  // The workers of a queue do not say in which block they are.
  const placed = new Set(
    workers.filter(({ block }) => block !== null)
      .map(({ run, executor }) => keyOf(run, executor)),
  );
  const unplaced = new Set(
    workers.map(({ run, executor }) => keyOf(run, executor)),
  ).difference(placed);
  const rowOf = (
    { run, executor, block }: Pick<WorkerName, "run" | "executor" | "block">,
    life?: BlockLife,
  ): DescribedBlock => {
    const name = keyOf(run, executor, block);
    const lanes = (inBlock.get(name) ?? []).flatMap(({ lanes }) => lanes);
    const attempts = attemptsIn.get(name) ?? [];
    const signs = lanes.map(({ paid }) => paid[0]);
    const started = life?.started ?? earliest(life?.up, ...signs);
    const isKnown = !unplaced.has(keyOf(run, executor));
    const described: Block = {
      run,
      executor,
      block,
      job: life?.job ?? null,
      submitted: life?.submitted ?? null,
      started,
      ended: life?.ended ?? null,
      queued_seconds: secondsBetween(life?.submitted, started),
      seconds: secondsBetween(started, life?.ended),
      state: life?.state ?? null,
      exit_code: life?.exit_code ?? null,
      workers: isKnown && (lanes.length > 0 || attempts.length === 0)
        ? lanes.length
        : null,
      attempts: isKnown ? attempts.length : null,
      busy_seconds: isKnown
        ? sum(attempts, ({ start, end }) => lengthOf([start, end]))
        : null,
    };
    return { block: described, lanes, attempts, isKnown };
  };
  const described = blocks.values().map((life) => {
    const run = runs.get(runOf(life))?.label ?? life.run;
    return rowOf({ ...life, run }, life);
  }).toArray();
  const names = new Set(
    described.map(({ block: { run, executor, block } }) =>
      keyOf(run, executor, block)
    ),
  );
  // Without parsl.log and monitoring, only workers name their blocks.
  const others = inBlock.entries()
    .filter(([name, [worker]]) => worker!.block !== null && !names.has(name))
    .map(([, [worker]]) => rowOf(worker!));
  return [...described, ...others].sort((a, b) => byName(a.block, b.block));
}
