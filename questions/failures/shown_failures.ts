// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { count, counted } from "../../display/text/format.ts";
import { answer } from "../answer.ts";
import type { Failure } from "./failure.ts";
import { failuresListing } from "./failures_listing.ts";

/** Causes of failures, and what the sentences above them say. */
export interface FoundFailures {
  /** The causes, in any order. */
  rows: Failure[];
  /** The numbers of each run. */
  counts: FailureCounts[];
}

/** How many things failed in a run, whatever the cause. */
export interface FailureCounts {
  /** Label of the run. */
  run: string | null;
  /** Tasks that failed for good, dependents included. */
  failed: number;
  /** Of these, tasks that failed only because another did. */
  dependents: number;
  /** Tasks that succeeded when tried again. */
  recovered: number;
  /** Blocks that failed. */
  blocks: number;
}

/** The rows of `failures`, of a database or of a campaign. */
export function shownFailures(
  { rows, counts }: FoundFailures,
  of: "db" | "campaign",
): Failure[] {
  const causes = Map.groupBy(rows, ({ run }) => run);
  const headings = new Map(
    counts.map((own) => [own.run, {
      text: sentenceAbout([own]),
      causes: causes.get(own.run)?.length ?? 0,
    }]),
  );
  return answer(
    rows.toSorted((a, b) =>
      (a.run ?? "").localeCompare(b.run ?? "") ||
      b.failed_tasks - a.failed_tasks || b.tries - a.tries ||
      b.blocks - a.blocks
    ),
    ["first", "last", "hosts", "try", "worker_seconds", "dependents"],
    {
      columns: shown,
      listing: (rows, max) =>
        failuresListing(
          rows,
          sentenceAboutRuns(counts, rows),
          headings,
          max,
          of,
        ),
      whole: ["message"],
      kinds: {
        failed_tasks: "count",
        recovered_tasks: "count",
        dependents: "count",
        blocks: "count",
        first: "unix",
        last: "unix",
      },
      heading: sentenceAboutRuns(counts, rows),
    },
  );
}

const shown = ("run exception message failed_tasks recovered_tasks tries " +
  "dependents blocks block_ends apps hosts first last worker_seconds such_as")
  .split(" ");

/** The same about several runs, with the cause that most of them have. */
function sentenceAboutRuns(
  counts: readonly FailureCounts[],
  rows: readonly Partial<Failure>[],
): string {
  const runs = counts.filter(({ run }) => run !== null);
  if (runs.length < 2) return sentenceAbout(counts);
  const [most] = [
    ...Map.groupBy(
      rows.filter(({ failed_tasks }) => failed_tasks),
      ({ exception, message }) => JSON.stringify([exception, message]),
    ).values(),
  ].sort((a, b) => b.length - a.length);
  return `In ${counted(runs.length, "run")}: ${sentenceAbout(counts)}` +
    (most && most.length > 1
      ? ` ${count(most.length)} of them have ${causeOf(most[0]!)}.`
      : "");
}

const causeOf = ({ exception, message }: Partial<Failure>): string =>
  [exception, message?.split("\n")[0]].filter((text) => text != null)
    .join(": ") || "a cause that no log tells";

/** A sentence about all failures of some runs. */
function sentenceAbout(all: readonly FailureCounts[]): string {
  if (all.length === 0) return "No log names a failure.";
  const [failed, dependents, recovered, blocks] =
    (["failed", "dependents", "recovered", "blocks"] as const)
      .map((name) => sum(all, (one) => one[name])) as [
        number,
        number,
        number,
        number,
      ];
  return [
    (failed > 0
      ? `${counted(failed, "task")} failed`
      : "No task failed for good") +
    (dependents > 0
      ? `, ${count(dependents)} of them because another did`
      : ""),
    ...recovered > 0
      ? [`${counted(recovered, "task")} succeeded when tried again`]
      : [],
    ...blocks > 0 ? [`${counted(blocks, "block")} failed`] : [],
  ].join("; ") + ".";
}
