// @ts-types="npm:@types/d3-array@3.2.2"
import { quantile } from "d3-array";
import { formatDuration } from "../axes/units.ts";
import type { LifeSegments } from "./life_segments.ts";
import type { Lifelines } from "./lifelines_of.ts";
import { medianSteps } from "./median_steps.ts";
import { counted, named, rowsLeftOut } from "../chart/words.ts";

/** A span, the places of its rows, and how long it took. */
export interface SlowSpan {
  span: number;
  places: number[];
  seconds: number;
}

/** The spans that took longest, the longest first. */
export function slowestSpans(
  { spans, first, since }: Lifelines,
  most: number,
): SlowSpan[] {
  const seconds = (s: number) => since[first[s + 1]! - 1] ?? 0;
  return spans.map((_, s) => s)
    .sort((a, b) => seconds(b) - seconds(a) || a - b)
    .slice(0, most)
    .map((span) => ({
      span,
      seconds: seconds(span),
      places: Array.from(
        { length: first[span + 1]! - first[span]! },
        (_, i) => first[span]! + i,
      ),
    }));
}

/** What is said of spans and of the step that takes most of their time. */
export function lifelinesCaption(
  data: Lifelines,
  { binSeconds }: LifeSegments,
  { slowest }: { slowest: number },
): string {
  const { spans, steps, first, since } = data;
  if (spans.length === 0) {
    return ["No rows.", ...rowsLeftOut(data)].join(" ");
  }
  const took = spans.map((_, s) => since[first[s + 1]! - 1]!);
  const parts = [
    `${counted(spans.length, "span")} through ${
      counted(steps.length, "step")
    }` +
    ` in median ${formatDuration(quantile(took, 0.5)!)}, ` +
    `95 % ${formatDuration(quantile(took, 0.95)!)}, ` +
    `maximum ${formatDuration(took.reduce((a, b) => Math.max(a, b), 0))}.`,
  ];
  const slow = slowestStep(data);
  if (slow) {
    parts.push(
      `Most of the time passes from ${named(slow.from)} to ${
        named(slow.to)
      }: ` +
        `${Math.round(slow.share * 100)} %, median ` +
        `${formatDuration(slow.median)}.`,
    );
  }
  if (slowest > 0 && spans.length > slowest) {
    const slowSpans = slowestSpans(data, slowest)
      .map(({ span, seconds }) =>
        `${named(spans[span]!)} (${formatDuration(seconds)})`
      );
    parts.push(`Slowest: ${slowSpans.join(", ")}.`);
  }
  if (medianSteps(data).some((s) => s.some(({ isUsual }) => !isUsual))) {
    parts.push("Open dots: medians of steps that less than half come to.");
  }
  if (binSeconds !== undefined) {
    parts.push(
      "Lines are bundles of spans that come to both steps within the same " +
        `${formatDuration(binSeconds)}.`,
    );
  }
  return [...parts, ...rowsLeftOut(data)].join(" ");
}

/** Between which two steps, one behind the other, most of all time passes. */
function slowestStep(data: Lifelines) {
  const { spans, first, since, step, steps } = data;
  const times = new Map<number, number[]>();
  let total = 0;
  for (let s = 0; s < spans.length; s++) {
    for (let k = first[s]!; k < first[s + 1]! - 1; k++) {
      const key = step[k]! * steps.length + step[k + 1]!;
      const gap = since[k + 1]! - since[k]!;
      const gaps = times.get(key);
      if (gaps) gaps.push(gap);
      else times.set(key, [gap]);
      total += gap;
    }
  }
  if (!(total > 0)) return undefined;
  const sums = times.entries().map(([key, gaps]) => ({
    ...{ key, gaps, sum: gaps.reduce((a, b) => a + b, 0) },
  })).toArray();
  const { key, gaps, sum } = sums.reduce((a, b) => b.sum > a.sum ? b : a);
  return {
    from: steps[Math.floor(key / steps.length)]!.name,
    to: steps[key % steps.length]!.name,
    share: sum / total,
    median: quantile(gaps, 0.5)!,
  };
}
