import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { describeBlocks } from "./blocks.ts";
import { runOf, type RunRow } from "./place_rows.ts";
import { type Interval, outside, unionOf, within } from "./intervals.ts";
import { readModel } from "./read_workers.ts";
import scalingsText from "./scalings.sql" with { type: "text" };
import { workerOptionNames, type WorkerOptions } from "./worker.ts";

/** What a block did, or a decision about blocks. */
export type BlockState =
  | "queued"
  | "starting"
  | "working"
  | "idle"
  | "without workers"
  | "ending"
  | "running"
  | "queued or running"
  | "scaling out"
  | "scaling in";

/** A time of a block, or a decision: a row of {@linkcode blockActivity}. */
export interface BlockActivity {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of its executor. */
  executor: string | null;
  /** Its number; null for a decision. */
  block: string | null;
  /** What it did. */
  state: BlockState;
  /** Unix seconds. */
  start: number;
  /** Unix seconds; null if no log has the end of the block. */
  end: number | null;
  /** Length; null without an end. */
  seconds: number | null;
  /** The batch system's name of its job. */
  job: string | null;
  /** The last state of the block, as Parsl saw it: "SCALED_IN". */
  ended_as: string | null;
  /** Number of blocks of a decision. */
  blocks: number | null;
}

/**
 * Lists what each block did and when, and the decisions of Parsl to scale: rows for
 * a timeline of blocks or for your own sums.
 *
 * The times of a block have no gaps and do not overlap. They are in the order of
 * run, executor, block and start; see {@linkcode BlockActivity} for the columns.
 * The states:
 *
 * - "queued": its job waits in the batch system;
 * - "starting": it has begun, and no worker of it has;
 * - "working": at least one of its workers has a task; "idle": none has;
 * - "without workers": all of its workers are gone, and others come later;
 * - "ending": all are gone, and it has not ended;
 * - "running": no log says which workers were in it; "queued or running": nor
 *   when it began;
 * - "scaling out" and "scaling in": a decision, which has a number of `blocks`
 *   and no length, and is of no block.
 *
 * A block starts and ends as {@linkcode blocks} describes. `blocksOverTime` of
 * dnpc/plots draws the rows.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { blockActivity } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const rows = blockActivity(db, { run: "000" });
 * assert.deepEqual(
 *   rows.filter(({ block }) => block === "0").map(({ state }) => state)
 *     .slice(0, 3),
 *   ["queued", "starting", "idle"],
 * );
 * assert.equal(rows.find(({ block }) => block === null)!.state, "scaling out");
 * ```
 */
export function blockActivity(
  db: Database,
  options: WorkerOptions = {},
): BlockActivity[] {
  checkQuestion("blockActivity", db, options, workerOptionNames);
  const model = readModel(db, options);
  const decisions = model.read<Scaling>(sql.module(scalingsText, {}))
    .map(({ run, rundir, executor, state, time, blocks }): BlockActivity => ({
      run: model.runs.get(runOf({ run, rundir }))?.label ?? run,
      executor,
      block: null,
      state,
      start: time,
      end: time,
      seconds: 0,
      job: null,
      ended_as: null,
      blocks,
    }));
  const times = describeBlocks(model).flatMap((described) => {
    const { run, executor, block, job, state } = described.block;
    return timesOf(described).map(({ start, end, ...time }): BlockActivity => ({
      run,
      executor,
      block,
      ...time,
      start,
      end: end === Infinity ? null : end,
      seconds: end === Infinity ? null : end - start,
      job,
      ended_as: state,
      blocks: null,
    }));
  });
  return answer([...times, ...decisions], ["job", "blocks", "run", "end"]);
}

interface Scaling extends RunRow {
  executor: string | null;
  state: "scaling out" | "scaling in";
  time: number;
  blocks: number;
}

interface Time {
  state: BlockState;
  start: number;
  /** Infinity if no log has it. */
  end: number;
}

function timesOf(
  { block, lanes, attempts, isKnown }: ReturnType<
    typeof describeBlocks
  >[number],
): Time[] {
  const { submitted, started, ended } = block;
  const times: Time[] = [];
  const add = (state: BlockState, all: readonly Interval[]) => {
    for (const [start, end] of all) times.push({ state, start, end });
  };
  const begin = started ?? ended ?? Infinity;
  if (submitted !== null && begin > submitted) {
    const isEnded = started === null && ended !== null;
    add(isEnded ? "queued or running" : "queued", [[submitted, begin]]);
  }
  if (started === null) return times;
  const alive = unionOf(lanes.map(({ life }) => life));
  const last = alive.at(-1)?.[1] ?? -Infinity;
  // Parsl may notice the end before the clock of a worker says so.
  const end = Math.max(ended ?? (alive.length ? last : Infinity), started);
  const whole: Interval = [started, Math.max(end, last)];
  if (alive.length === 0) {
    add(isKnown ? "starting" : "running", [whole]);
    return times.filter(({ start, end }) => start < end);
  }
  const busy = unionOf(attempts.map(({ start, end }) => [start, end]));
  for (const part of alive.flatMap((own) => within(own, [whole]))) {
    add("working", within(part, busy));
    add("idle", outside(part, busy));
  }
  for (const gap of outside(whole, alive)) {
    const state = gap[1] <= alive[0]![0]
      ? "starting"
      : gap[0] >= last
      ? "ending"
      : "without workers";
    add(state, [gap]);
  }
  return times.sort((a, b) => a.start - b.start);
}
