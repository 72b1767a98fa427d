// @ts-types="npm:@types/d3-array@3.2.2"
import { min } from "d3-array";
import { spanSql as sql } from "../../sql/mod.ts";
import blocksText from "./blocks.sql" with { type: "text" };
import type { ReadRows } from "./executions.ts";
import { keyOf, runOf } from "./place_rows.ts";

/** A block, as all accounts together describe it. */
export interface BlockLife {
  run: string | null;
  rundir: string | null;
  executor: string | null;
  block: string | null;
  job: string | null;
  exit_code: number | null;
  submitted: number | null;
  started: number | null;
  up: number | null;
  ended: number | null;
  ended_by: string | null;
  state: string | null;
  /** As the batch system says: "OUT_OF_MEMORY". */
  job_state: string | null;
}

/** Reads the blocks, by run, executor and block. */
export function readBlocks(read: ReadRows): Map<string, BlockLife> {
  const blocks = new Map<string, BlockLife>();
  for (const row of read<BlockLife>(sql.module(blocksText, {}))) {
    const key = keyOf(runOf(row), row.executor, row.block);
    const known = blocks.get(key);
    if (!known) {
      blocks.set(key, row);
      continue;
    }
    for (const name of ["submitted", "started", "up"] as const) {
      known[name] = earliest(known[name], row[name]);
    }
    const ended = earliest(known.ended, row.ended);
    if (ended !== known.ended) known.ended_by = row.ended_by;
    Object.assign(known, {
      ended,
      job: known.job ?? row.job,
      exit_code: known.exit_code ?? row.exit_code,
      state: known.state ?? row.state,
      job_state: known.job_state ?? row.job_state,
    });
  }
  return blocks;
}

/** The earliest of times; null if none is known. */
export function earliest(
  ...times: (number | null | undefined)[]
): number | null {
  return min(times, (time) => time ?? undefined) ?? null;
}
