// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { counted, secondsText } from "../../display/text/format.ts";
import type { Block } from "./blocks.ts";
import {
  idle,
  type WorkerTime,
  type WorkerUse,
  working,
} from "./worker_uses.ts";

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
 *   "Run 000: 4 workers were there for 40 s in total: 75% useful and 25% idle " +
 *     "(25% nothing queued).",
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
    const percent = (seconds: number) => `${Math.round(100 * seconds / paid)}%`;
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
      ? own[0]!.workers
      : sum(groups.values(), ({ workers }) => workers);
    const uses = list(working);
    const causes = list(idle).join(", ");
    return `Run ${run ?? "without a name"}: ${counted(workers, "worker")} ` +
      `${workers === 1 ? "was" : "were"} there for ` +
      `${secondsText(paid)} in total: ` +
      `${uses.join(", ")}${uses.length > 1 ? "," : ""} and ` +
      `${percent(seconds(idle))} idle` + (causes ? ` (${causes}).` : ".");
  }).join("\n");
}

/** The group of a row, as text. */
function groupOf(row: WorkerTime): string {
  const { use: _, seconds: __, share: ___, ...group } = row;
  return JSON.stringify(group);
}

/** A sentence for each run about the time that its blocks waited. */
export function waitsOfBlocks(all: readonly Block[]): string[] {
  const waited = all.filter(({ queued_seconds }) => queued_seconds !== null);
  return [...Map.groupBy(waited, ({ run }) => run)].map(([run, own]) => {
    const seconds = sum(own, ({ queued_seconds }) => queued_seconds!);
    const names = own.length === 1 ? "block" : counted(own.length, "block");
    return `Run ${run}: its ${names} first waited ` +
      `${secondsText(seconds)} in the batch system, which ` +
      "is not paid.";
  });
}
