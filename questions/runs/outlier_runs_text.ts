import {
  capitalized,
  count,
  counted,
  plural,
  secondsText,
} from "../../display/text/format.ts";
import { visible } from "../../display/text/untrusted.ts";
import {
  type DurationsAsked,
  nounOf,
  sourceOf,
} from "../tasks/named_durations.ts";
import type { RunMeasures } from "./run_measures.ts";

/** A run that is unlike the others: a row of {@linkcode outlierRuns}. */
export interface OutlierRun {
  /** Label of the run. */
  run: string;
  /**
   * What is unusual: "median" of durations, "waiting" of tries for a worker,
   * "startup" until the first try is in a worker, "seconds_per_task" of the run,
   * "tasks", or "failed_share".
   */
  measure: string;
  /** The measure of this run. */
  value: number;
  /** What is usual for such a run: of the same apps, at that time. */
  usual: number;
  /** How many times as large as usual it is; null if none is usual. */
  times: number | null;
  /** The modified z-score: how many usual deviations it is from `usual`. */
  score: number;
  /** The workflow; null if no log names it. */
  workflow: string | null;
  /** The number of runs of this workflow that have the measure. */
  runs: number;
}

/** Of fewer runs, none is usual. */
export const minRuns = 5;

/** Says which runs are unusual and by what, and which have none to compare with. */
export function outliersText(
  rows: readonly OutlierRun[],
  workflows: ReadonlyMap<string | null, readonly RunMeasures[]>,
  asked: DurationsAsked,
): string {
  const all = [...workflows.values()].flat();
  if (all.length === 0) return "No log is of a run of Parsl.";
  const inWorker = all.find((run) => run.in_worker !== null)?.in_worker;
  const nouns = plural(nounOf(asked));
  const source = sourceOf(asked, inWorker ?? null);
  const byRun = Map.groupBy(rows, ({ run }) => run);
  const few = [...workflows].filter(([, runs]) => runs.length < minRuns);
  const compared = all.length - few.flatMap(([, runs]) => runs).length;
  return [
    ...compared === 0 ? [] : [
      `${byRun.size === 0 ? "None" : count(byRun.size)} of ${
        counted(compared, "run")
      } ${
        byRun.size > 1 ? "are" : "is"
      } unlike the others of the same workflow.`,
    ],
    ...byRun.entries().map(([run, rows]) =>
      `Run ${visible(run)}: ${
        rows.map((row) => clauseOf(row, nouns, source)).join("; ")
      }.`
    ),
    ...few.length === 0 ? [] : [
      capitalized(
        few.map(([workflow, runs]) =>
          `${
            workflow === null
              ? "an unknown workflow"
              : `workflow ${visible(workflow)}`
          } has ${counted(runs.length, "run")}`
        ).join(", "),
      ) + `: it takes ${minRuns} to say what is usual.`,
    ],
  ].join("\n");
}

function clauseOf(row: OutlierRun, nouns: string, source: string): string {
  const { measure, value, usual, times } = row;
  switch (measure) {
    case "median":
      return `${nouns} took ${count(Number(times!.toPrecision(2)))} times as ` +
        `long as usual ${source} (${secondsText(value)} instead of ${
          secondsText(usual)
        })`;
    case "waiting":
      return `tries waited ${secondsText(value)} for a worker instead of ${
        secondsText(usual)
      }`;
    case "startup":
      return `the first try was in a worker after ${
        secondsText(value)
      } instead ` +
        `of ${secondsText(usual)}`;
    case "seconds_per_task":
      return `it took ${secondsText(value)} for each task instead of ${
        secondsText(usual)
      }`;
    case "tasks":
      return `it had ${counted(value, "task")} instead of ${
        count(Math.round(usual))
      }`;
    default:
      return `${percent(value)} of its tasks failed instead of ${
        percent(usual)
      }`;
  }
}

const percent = (share: number): string =>
  `${count(Number((100 * share).toPrecision(2)))}%`;
