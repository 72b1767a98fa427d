import { formatDuration } from "../axes/units.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import type { Tip } from "../chart/plot_types.ts";
import { stepsLeft } from "./step_words.ts";
import type { StepTimes } from "./step_times.ts";
import type { TypicalStep } from "./typical_steps.ts";
import { counted } from "../chart/words.ts";

/** What is drawn of one facet. */
export interface Sequence extends Omit<StepTimes, "times"> {
  rows: TypicalStep[];
}

/** What is said of the usual steps, and of what is not drawn. */
export function sequenceCaption(sequence: Sequence): string {
  const { rows, steps, spans, series } = sequence;
  if (rows.length === 0) {
    return ["No rows with a time.", ...stepsLeft(sequence)].join(" ");
  }
  const parts = (series ?? [undefined]).flatMap((name) => {
    const own = rows.filter((row) => row.series === name);
    const usual = usualSteps(own);
    const last = usual.at(-1);
    if (!last) return [];
    const longest = usual.filter(({ gap }) => gap > 0)
      .toSorted((a, b) => b.gap - a.gap)[0];
    return [
      (name === undefined ? "" : `${cutText(name, style.textSize, 120)}: `) +
      `${last.step} is a median of ${formatDuration(last.median)} after the ` +
      "start" +
      (longest
        ? `, the longest median gap ${formatDuration(longest.gap)}, before ` +
          longest.step
        : ""),
    ];
  });
  return [
    `${counted(spans, "span")} in ${counted(steps.length, "step")}: ` +
    `${parts.join("; ")}.`,
    ...(series
      ? [
        "Ranges are from the soonest to the latest, from 5 to 95 %, and from " +
        "25 to 75 %, with a tick at the median.",
      ]
      : []),
    ...stepsLeft(sequence),
  ].join(" ");
}

/** The steps that half of the spans come to: what few do says little of all. */
function usualSteps(rows: readonly TypicalStep[]): TypicalStep[] {
  const most = rows.reduce((most, { spans }) => Math.max(most, spans), 0);
  return rows.filter(({ spans }) => spans * 2 >= most);
}

/** What is said of a step where one points at it. */
export function stepTip(
  row: TypicalStep,
  at: (seconds: number) => number,
): Tip {
  const said = ([name, value]: readonly [string, number]) =>
    Number.isNaN(value) ? [] : [`${name} ${formatDuration(value)}`];
  return {
    x: at(row.median),
    y: row.step,
    text: [
      row.series === undefined ? row.step : `${row.step}, ${row.series}`,
      counted(row.spans, "span"),
      ...([
        ["soonest", row.minimum],
        ["25 %", row.percentile25],
        ["median", row.median],
        ["75 %", row.percentile75],
        ["latest", row.maximum],
      ] as const).flatMap(said),
    ].join("\n"),
  };
}
