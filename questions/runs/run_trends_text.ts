// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min, sum } from "d3-array";
import {
  capitalized,
  count,
  counted,
  enumerated,
  moment,
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

/** How a measure changes over time: a row of {@linkcode runTrends}. */
export interface RunTrend {
  /**
   * A column of {@linkcode runsOverTime}: "median" and "p95" of durations,
   * "seconds" of runs, "tasks", "failed_share".
   */
  measure: string;
  /** The value of `by`; null if it is unknown. */
  [by: string]: string | number | null;
  /** Number of runs with this measure. */
  runs: number;
  /** The measure at the first run, by the line of the trend. */
  first: number | null;
  /** At the last run. */
  last: number | null;
  /**
   * Change in the time that `per` names: 0.12 if it grows by 12% of itself each
   * month; of `failed_share`, what is added to it. Null if all began at once.
   */
  change: number | null;
  /** The lower end of its 99% confidence interval. */
  low: number | null;
  /** The upper end; null if it is above 10 and nothing is clear. */
  high: number | null;
  /** "month", of 30.44 days; "week", "day", "hour" or "minute" if there are fewer. */
  per: string;
  /**
   * 1 if it is clear that the measure changes: the interval leaves out zero, there
   * are six runs or more, and it changes by 1% or more in all; otherwise 0.
   */
  clear: 0 | 1;
}

/** Says which measures of runs change over time, and how much. */
export function trendsText(
  measures: readonly RunMeasures[],
  trends: readonly RunTrend[],
  asked: DurationsAsked,
  by: string | undefined,
): string {
  const runs = new Map(measures.map((run) => [run.run, run]));
  if (runs.size === 0) return "No log is of a run of Parsl.";
  const starts = [...runs.values()].flatMap(({ began }) => began ?? []);
  const [from, to] = [min(starts), max(starts)];
  const dates = [from, to].map((time) =>
    time === undefined ? "?" : moment(time).slice(0, 10)
  );
  const tasks = sum(measures, (run) => run.tasks);
  const failed = sum(measures, (run) => run.failed ?? 0);
  const when = dates[0] === dates[1]
    ? `on ${dates[0]}`
    : `from ${dates[0]} to ${dates[1]}`;
  const lines = [
    `${counted(runs.size, "run")} ${when}: ${counted(tasks, "task")}, ${
      failed === 0 ? "none" : count(failed)
    } failed.`,
  ];
  if (!trends.some(({ runs }) => runs >= minRuns)) {
    lines.push(`Too few to tell a trend: it takes ${minRuns} runs.`);
    return lines.join("\n");
  }
  const inWorker = measures.find((run) => run.in_worker !== null)?.in_worker;
  const words = wordsOf(asked, inWorker ?? null);
  const clear = trends.filter((trend) => trend.clear === 1);
  for (const trend of clear.slice(0, maxSentences)) {
    const of = by === undefined
      ? ""
      : ` of ${by} ${visible(String(trend[by] ?? "unknown"))}`;
    lines.push(sentenceOf(trend, words[trend.measure]!, of));
  }
  if (clear.length > maxSentences) {
    lines.push(`${counted(clear.length - maxSentences, "more clear change")}.`);
  }
  const others = new Set(trends.map(({ measure }) => measure))
    .difference(new Set(clear.map(({ measure }) => measure)));
  if (others.size > 0) {
    const names = [...others].map((name) => words[name]!.name);
    lines.push(`No clear change of ${enumerated(names)}.`);
  }
  return lines.join("\n");
}

/** Fewer points are in order too often, by chance. */
const minRuns = 6;

const maxSentences = 6;

/** How sentences name a measure and its change. */
interface Words {
  name: string;
  /** "Tries take 12% longer"; `of` is a value of `by`. */
  change(of: string, amount: string, isMore: boolean): string;
  /** A value, with its unit. */
  text(value: number): string;
}

function wordsOf(
  asked: DurationsAsked,
  inWorker: number | null,
): Readonly<Record<string, Words>> {
  const nouns = plural(nounOf(asked));
  const source = sourceOf(asked, inWorker);
  const grows = (isMore: boolean) => isMore ? "grows" : "falls";
  return {
    median: {
      name: `how long ${nouns} take ${source}`,
      change: (of, amount, isMore) =>
        `${capitalized(nouns)}${of} take ${amount} ${
          isMore ? "longer" : "less"
        } ${source}`,
      text: secondsText,
    },
    p95: {
      name: "its 95th percentile",
      change: (of, amount, isMore) =>
        `The 95th percentile${of} ${grows(isMore)} by ${amount}`,
      text: secondsText,
    },
    seconds: {
      name: "the length of runs",
      change: (_, amount, isMore) =>
        `Runs take ${amount} ${isMore ? "longer" : "less"}`,
      text: secondsText,
    },
    tasks: {
      name: "the number of tasks",
      change: (of, amount, isMore) =>
        `Runs have ${amount} ${isMore ? "more" : "fewer"} tasks${of}`,
      text: (value) => count(Math.round(value)),
    },
    failed_share: {
      name: "the share of failed tasks",
      change: (of, amount, isMore) =>
        `The share of failed tasks${of} ${grows(isMore)} by ${amount} of all`,
      text: percent,
    },
  };
}

function sentenceOf(trend: RunTrend, words: Words, of: string): string {
  const [low, high] = [Math.abs(trend.low!), Math.abs(trend.high!)];
  return words.change(of, percent(Math.abs(trend.change!)), trend.change! > 0) +
    ` each ${trend.per} (${percent(Math.min(low, high))} to ${
      percent(Math.max(low, high))
    }): ${words.text(trend.first!)} at first, ${
      words.text(trend.last!)
    } at last.`;
}

const percent = (share: number): string =>
  `${count(Number((100 * share).toPrecision(2)))}%`;
