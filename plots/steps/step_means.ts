// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min, sum } from "d3-array";
import { optionsOf } from "../../display/text/rows.ts";
import { formatDuration, unitFor } from "../axes/units.ts";
import { named, notes, sentences } from "../chart/captions.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import {
  type Channel,
  finiteNumber,
  numbersIn,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { foldNames } from "../rows/series.ts";

/** Columns with the time of each run in each step. */
export interface StepComparisonChannels {
  /** The name of the step. The column "step", or the first. */
  step?: Channel | undefined;
  /**
   * The run, or whatever is compared. The column "run", "group" or "set", or the
   * second.
   */
  run?: Channel | undefined;
  /**
   * Mean seconds. The column "mean_per_task", "mean_per_span" or "mean", or the
   * third.
   */
  mean?: Channel | undefined;
  /** Mean seconds of the baseline, if rows have it. The column "baseline". */
  baseline?: Channel | undefined;
  /**
   * Name of the baseline. The column "baseline_run", "baseline_group" or
   * "baseline_set".
   */
  baselineRun?: Channel | undefined;
  /** Standard deviation over repeated runs. The column "stddev". */
  spread?: Channel | undefined;
  /** The same of the baseline. The column "baseline_stddev". */
  baselineSpread?: Channel | undefined;
  /** 0 for a difference within this spread. The column "exceeds_spread". */
  exceedsSpread?: Channel | undefined;
}

/** A mean of a run in a step. */
export interface Mean {
  mean: number;
  /** Standard deviation over repeated runs. */
  spread?: number | undefined;
  /** Whether its difference to the baseline is within the spread. */
  isWithin?: boolean;
}

/** The means of a facet, by step and run. */
export interface Means {
  steps: string[];
  /** The baseline first. */
  runs: string[];
  /** For each step, that of each run; undefined if no row has it. */
  means: (Mean | undefined)[][];
  /** What the mean is of: "task", if the name of the column says so. */
  noun: string | undefined;
  withoutMean: number;
  runsLeft: number;
}

export function readMeans(rows: Rows, channels: StepComparisonChannels): Means {
  const read = readChannels(rows, {
    step: channels.step ?? ["step", 0],
    run: channels.run ?? ["run", "group", "set", 1],
    mean: channels.mean ?? ["mean_per_task", "mean_per_span", "mean", 2],
    baseline: channels.baseline ?? ["baseline", null],
    baselineRun: channels.baselineRun ??
      ["baseline_run", "baseline_group", "baseline_set", null],
    spread: channels.spread ?? ["stddev", null],
    baselineSpread: channels.baselineSpread ?? ["baseline_stddev", null],
    exceedsSpread: channels.exceedsSpread ?? ["exceeds_spread", null],
  });
  const known = numbersIn("mean", read.mean);
  const steps = new Map<string, Map<string, Mean>>();
  const runs = new Set<string>();
  let withoutMean = 0;
  const add = (step: string, run: string, value: Mean) => {
    runs.add(run);
    const own = steps.getOrInsertComputed(step, () => new Map());
    own.set(run, value);
  };
  const spreadIn = (values: unknown[], row: number) => {
    const spread = finiteNumber(values[row]);
    return Number.isNaN(spread) ? undefined : spread;
  };
  const text = (values: unknown[], row: number, none: string) =>
    String(values[row] ?? none);
  for (let row = 0; row < read.length; row++) {
    const mean = known[row]!;
    if (Number.isNaN(mean)) {
      withoutMean++;
      continue;
    }
    const step = text(read.step.values, row, "(none)");
    const before = finiteNumber(read.baseline.values[row]);
    if (!Number.isNaN(before)) {
      add(step, text(read.baselineRun.values, row, "baseline"), {
        mean: before,
        spread: spreadIn(read.baselineSpread.values, row),
      });
    }
    add(step, text(read.run.values, row, "(none)"), {
      mean,
      spread: spreadIn(read.spread.values, row),
      isWithin: read.exceedsSpread.values[row] === 0,
    });
  }
  const shown = [...runs].slice(0, maxRuns);
  const sizes = steps.values().map((own) =>
    max(own.values(), ({ mean }) => Math.abs(mean)) ?? 0
  ).toArray();
  // One step more needs no more room than "other (1)".
  const seen = sizes.filter((size) => size >= minShare * max(sizes)!).length;
  const folded = foldNames(
    [...steps.keys()],
    sizes,
    seen < sizes.length - 1 ? Math.min(seen, maxSteps) : maxSteps,
  );
  const means: Means["means"] = folded.names.map(() =>
    shown.map(() => undefined)
  );
  [...steps.values()].forEach((own, s) => {
    shown.forEach((run, r) => {
      const place = means[folded.places[s]!]!;
      const one = own.get(run);
      // The spread of several steps is not the sum of theirs.
      if (one) place[r] = place[r] ? { mean: place[r].mean + one.mean } : one;
    });
  });
  return {
    steps: folded.names,
    runs: shown,
    means,
    noun: /^mean_per_(\w+)$/.exec(read.mean.name ?? "")?.[1],
    withoutMean,
    runsLeft: runs.size - shown.length,
  };
}

/**
 * Writes differences, "+1.20 s", all in the unit and with the decimals that suit
 * the largest; nothing for those that would be 0.
 */
export function signedBy({ means }: Means): (seconds?: number) => string {
  const unit = unitFor(max(means.flat(), (one) => one?.mean) ?? 1);
  const most = max(
    means,
    ([first, ...others]) =>
      max(others, (one) => Math.abs((one?.mean ?? 0) - (first?.mean ?? 0))),
  ) ?? 0;
  const digits = Math.floor(Math.log10(most / unit.seconds || 1));
  const decimals = Math.max(0, Math.min(6, 2 - digits));
  return (seconds = 0) => {
    const text = Math.abs(seconds / unit.seconds).toFixed(decimals);
    if (Number(text) === 0) return "";
    return `${seconds < 0 ? "\u2212" : "+"}${text} ${unit.name}`;
  };
}

/** To three digits. */
export const rounded = (seconds: number): number =>
  Number(seconds.toPrecision(3));

const maxRuns = 20;
const maxSteps = 20;
/** Of the longest bar: shorter ones would hardly be seen. */
const minShare = 0.002;

/** The mean times of all steps together, and of two runs where they differ. */
export function captionOf(all: Means): string {
  const { runs, means, noun, withoutMean, runsLeft } = all;
  const left = notes(
    [withoutMean, "row", "without a mean left out"],
    [runsLeft, "more run", "not drawn"],
  );
  if (runs.length === 0) return sentences("No rows.", left);
  const totals = runs.map((_, r) => sum(means, (own) => own[r]?.mean));
  const text = (r: number) =>
    `${formatDuration(rounded(totals[r]!))} in ${named(runs[r]!)}`;
  const measure = `Mean time${noun ? ` per ${noun}` : ""}`;
  if (runs.length === 2) {
    const [before, mean] = totals as [number, number];
    const difference = formatDuration(rounded(Math.abs(mean - before)));
    return sentences(
      `${measure}: ${text(1)}, ${difference} ${
        mean < before ? "less" : "more"
      } than in ${named(runs[0]!)}${whereOf(all)}.`,
      left,
    );
  }
  const others = totals.slice(1);
  const listed = runs.length <= 5 ? [...runs.keys()].map(text).join(", ") : (
    `${text(0)}, and from ${text(totals.indexOf(min(others)!, 1))} to ` +
    text(totals.indexOf(max(others)!, 1))
  );
  return sentences(`${measure}: ${listed}.`, left);
}

/** The steps with the largest differences between two runs. */
function whereOf(all: Means): string {
  const differences = all.means.map(([a, b]) =>
    (b?.mean ?? 0) - (a?.mean ?? 0)
  );
  const textOf = signedBy(all);
  const parts = differences.map((seconds, s) => ({ seconds, s }))
    .sort((a, b) => Math.abs(b.seconds) - Math.abs(a.seconds)).slice(0, 2)
    .filter(({ seconds }) => textOf(seconds) !== "")
    .map(({ seconds, s }) => `${textOf(seconds)} ${named(all.steps[s]!)}`);
  return parts.length ? `: ${parts.join(", ")}` : "";
}

/** The sentences of a question about its rows, if they are few. */
export function headingOf(
  rows: Rows,
  { facet }: HelperOptions,
): string | undefined {
  if (!Array.isArray(rows) || facet !== undefined) return undefined;
  const heading = optionsOf(rows)?.heading;
  return (heading?.split("\n").length ?? Infinity) <= maxSentences
    ? heading
    : undefined;
}

const maxSentences = 4;
