// Over 300 lines: one chart, from its rows to its marks and caption.

import { max, min, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { bandAxis } from "../axes/name_axes.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { withSeriesOfRuns } from "../chart/facets.ts";
import { legendOfNames, scaledNames, seriesScale } from "../chart/colors.ts";
import type { Domain } from "../chart/facets.ts";
import { noRows } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { count, counted, plural, sentences } from "../chart/captions.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style } from "../drawing/style.ts";
import {
  durationFrame,
  type DurationScale,
  logRange,
} from "../durations/duration_scale.ts";
import { nounOf, type Rows } from "../rows/channels.ts";
import { type StepChannels, stepNames } from "../rows/step_rows.ts";
import {
  stepsLeft,
  type StepTimes,
  stepTimes,
  stepTimesNames,
  type StepTimesOptions,
  typicalOf,
  type TypicalStep,
} from "./step_times.ts";

/** Options of {@linkcode typicalSequence}. */
export interface TypicalSequenceOptions
  extends StepChannels, StepTimesOptions, HelperOptions {
  /**
   * Whether the axis of time since the start is logarithmic. False by default.
   */
  log?: boolean | undefined;
}

/**
 * Draws the typical life of a span: the times at which spans reach each step
 * after their start, in the usual order of steps. A range extends from the
 * earliest to the latest span, thicker from 5 to 95%, thickest from 25 to 75
 * %, with a tick at the median. Beside it are the median time since the previous
 * step and the number of spans, unless the chart is too narrow. Each series,
 * such as a run, has its own range.
 *
 * Takes one row per span and step with the span, the time in seconds and the
 * step, in the first three columns or in named ones. Rows of `eventsOf` and of
 * `statesOverTime` fit as they are, and so do those of `eventSequences(db,
 * type, { align: "step", percentiles: [5, 25, 50, 75, 95] })`.
 *
 * @example
 * ```ts
 * import { typicalSequence } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = typicalSequence([
 *   { task: 1, time: 10, state: "pending" },
 *   { task: 1, time: 12, state: "running" },
 *   { task: 2, time: 20, state: "pending" },
 *   { task: 2, time: 23, state: "running" },
 * ]);
 * assert.match(chart.caption, /^2 spans in 2 steps: median 2.5 s from the start to running/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function typicalSequence(
  given: Rows,
  asked: TypicalSequenceOptions = {},
): Chart {
  checkOptions("typicalSequence", asked, {
    ...stepTimesNames,
    log: true,
    ...helperOptionNames,
  });
  const { rows, options } = withSeriesOfRuns(given, asked);
  return chartOf(rows, options, {
    height: 0,
    read(rows): Sequence {
      if (isSequence(rows)) return sequenceOf(rows, options.maxSteps);
      const { span, time, step, series, maxSteps } = options;
      const times = stepTimes(rows, { span, time, step, series, maxSteps });
      return { ...times, rows: typicalOf(times), all: times.spans };
    },
    derive(all) {
      const color = seriesScale(all, options);
      return {
        title: `When do ${plural(all[0]!.noun)} reach each step?`,
        color,
        legend: !all.some(({ rows }) => rows.length)
          ? undefined
          : color
          ? legendOfNames(color.domain, color)
          : rangeLegend,
        facets: all.map((sequence) => {
          const { rows, steps, series } = sequence;
          const parts = (series ?? [undefined]).map((name, i, { length }) => ({
            name,
            rows: rows.filter((row) => row.series === name),
            dy: (i - (length - 1) / 2) * rangeHeight,
          }));
          const low = Math.min(0, min(rows, ({ minimum }) => minimum) ?? 0);
          const high = Math.max(0, max(rows, ({ maximum }) => maximum) ?? 0);
          const domain: Domain = high > low ? [low, high] : [0, 1];
          const range = options.log
            ? logRange([
              Float64Array.from(
                rows.flatMap((row) => [row.minimum, row.median, row.maximum]),
              ),
            ])
            : undefined;
          return {
            caption: captionOf(sequence, parts),
            extent: rows.length && !range ? { x: domain } : undefined,
            height: 68 + Math.max(2, steps.length) *
                (series ? series.length * rangeHeight + 12 : 28),
            draw(sized) {
              const hasColumns = sized.width >= minWidthWithColumns;
              const more = hasColumns ? columnsWidth : 0;
              return durationFrame(
                "x",
                { marginRight: more || undefined, ...sized },
                range ? [range.min, range.max] : domain,
                range,
                (scale) => ({
                  x: (_, pixels) =>
                    scale.axis({
                      pixels,
                      label: `time since the start of the ${all[0]!.noun}`,
                    }),
                  y: (_, pixels) => bandAxis(steps, { pixels, label: "" }),
                  zero: range ? undefined : "x",
                  draw: ({ clip }) => ({
                    marks: rows.length
                      ? [
                        ...rangeMarks(parts, scale, clip),
                        ...hasColumns
                          ? gapMarks(parts, plural(sequence.noun))
                          : [],
                      ]
                      : [],
                  }),
                  tips: () =>
                    rows.slice(0, 500).map((row) =>
                      tipOf(row, sequence.noun, scale)
                    ),
                  empty: rows.length ? undefined : noRows,
                }),
              );
            },
          };
        }),
      };
    },
  });
}

interface Sequence extends Omit<StepTimes, "times"> {
  rows: TypicalStep[];
  /** Number of spans, of which `spans` have these steps. */
  all: number;
}

/** The steps of one series, or of all. */
interface Part {
  name: string | undefined;
  rows: TypicalStep[];
  /** How far below the middle of a band its ranges lie, in pixels. */
  dy: number;
}

// In pixels, for the median gap and the number of spans. In a narrower chart,
// only tips have them.
const columnsWidth = 142;
const minWidthWithColumns = 460;

/** Whether rows are those of `eventSequences(db, type, { align: "step" })`. */
export function isSequence(rows: Rows): rows is object[] {
  return Array.isArray(rows) && rows.length > 0 &&
    rows[0] !== null && typeof rows[0] === "object" &&
    ["event_type", "since_start_minimum"].every((name) => name in rows[0]);
}

/** Its columns, by their role in this chart. */
const sequenceColumns = Object.entries({
  spans: "spans",
  minimum: "since_start_minimum",
  percentile5: "since_start_p5",
  percentile25: "since_start_p25",
  median: "since_start_p50",
  percentile75: "since_start_p75",
  percentile95: "since_start_p95",
  maximum: "since_start_maximum",
  gap: "since_before_p50",
});

/** The names of its steps. */
export const sequenceNames = (
  steps: readonly Record<string, unknown>[],
): string[] =>
  stepNames(
    steps.map(({ event_type, nth, span_type }) => ({
      name: `${event_type}${Number(nth) > 1 ? ` (${nth})` : ""}`,
      type: span_type,
    })),
  );

/**
 * The steps of the first sequence, the most frequent one: those of others happen
 * at times of their own. With the number of spans of all.
 */
export function firstSequence(
  given: readonly object[],
): { steps: readonly Record<string, unknown>[]; all: number } {
  const rows = given as readonly Record<string, unknown>[];
  const sequences = [...Map.groupBy(rows, ({ sequence }) => sequence).values()];
  return {
    steps: sequences[0] ?? [],
    all: sum(sequences, (steps) => max(steps, ({ spans }) => Number(spans))!),
  };
}

/** A sentence about the spans of other sequences, if there are any. */
export const otherSequences = (
  { spans, all, noun }: { spans: number; all: number; noun: string },
): string[] =>
  all > spans
    ? [
      `${
        counted(all - spans, `other ${noun}`, `other ${plural(noun)}`)
      } with ` +
      "another order of steps not drawn.",
    ]
    : [];

function sequenceOf(given: readonly object[], maxSteps = 20): Sequence {
  const { steps, all: ofAll } = firstSequence(given);
  const names = sequenceNames(steps);
  const all = steps.map((values, i) => {
    const numbers = sequenceColumns.map(([name, column]) => [
      name,
      typeof values[column] === "number" ? values[column] : NaN,
    ]);
    return { step: names[i]!, ...Object.fromEntries(numbers) } as TypicalStep;
  });
  const rows = all.slice(0, maxSteps);
  return {
    rows,
    steps: rows.map(({ step }) => step),
    series: undefined,
    spans: max(all, ({ spans }) => spans) ?? -Infinity,
    all: ofAll,
    noun: nounOf(given),
    left: all.length - rows.length,
    withoutTime: 0,
    withoutStep: 0,
    unnamed: 0,
  };
}

function captionOf(sequence: Sequence, parts: readonly Part[]): string {
  const { rows, steps, spans, noun, series } = sequence;
  const medians = parts.flatMap(({ name, rows }) => {
    // Steps that few spans reach say little about all spans.
    const most = max(rows, ({ spans }) => spans) ?? -Infinity;
    const usual = rows.filter(({ spans }) => spans * 2 >= most);
    const last = usual.at(-1);
    if (!last) return [];
    const [longest] = usual.filter(({ gap }) => gap > 0)
      .toSorted((a, b) => b.gap - a.gap);
    return (name === undefined
      ? ""
      : `${cutText(name, style.textSize, 120)}: `) +
      `median ${formatDuration(last.median)} from the start to ${last.step}` +
      (longest
        ? `, longest median gap ${formatDuration(longest.gap)}, before ` +
          longest.step
        : "");
  });
  return sentences(
    rows.length === 0
      ? "No rows with a time."
      : `${counted(spans, noun)} in ${counted(steps.length, "step")}: ` +
        `${medians.join("; ")}.`,
    rows.length > 0 && series &&
      `Thickest: 25 to 75% of the ${
          plural(noun)
        }; thinner: 5 to 95%; thin: all; ` +
        "tick: median.",
    otherSequences(sequence),
    stepsLeft(sequence),
  );
}

// In pixels, for one series.
const rangeHeight = 13;

const inks = {
  extremes: "#6e7781",
  wide: "#a9cbe6",
  narrow: "#4f97cb",
  median: "#0b2d4d",
};

const rangeLegend: LegendEntry[] = [
  { label: "median", color: inks.median, shape: "line" },
  { label: "25 to 75%", color: inks.narrow },
  { label: "5 to 95%", color: inks.wide },
  { label: "earliest to latest", color: inks.extremes, shape: "line" },
];

function rangeMarks(
  parts: readonly Part[],
  { at }: DurationScale,
  clip: boolean,
): Markish[] {
  return parts.flatMap(({ name, rows, dy }) => {
    const isSeries = name !== undefined;
    const thick = isSeries ? 8 : 12;
    const range = (
      from: keyof TypicalStep,
      to: keyof TypicalStep,
      ink: string,
      strokeWidth: number,
      strokeOpacity: number,
    ) =>
      Plot.ruleY(rows, {
        y: "step",
        x1: (row: TypicalStep) => at(row[from] as number),
        x2: (row: TypicalStep) => at(row[to] as number),
        stroke: isSeries ? scaledNames("series") : ink,
        strokeOpacity: isSeries ? strokeOpacity : 1,
        strokeWidth,
        dy,
        clip,
      });
    return [
      range("minimum", "maximum", inks.extremes, 1, 1),
      range("percentile5", "percentile95", inks.wide, thick * 0.5, 0.45),
      range("percentile25", "percentile75", inks.narrow, thick, 0.75),
      Plot.dot(rows, {
        y: "step",
        x: (row: TypicalStep) => at(row.median),
        symbol: tick(thick),
        fill: inks.median,
        dy,
        clip,
      }),
    ];
  });
}

/** A vertical tick as a symbol: a rule would be as high as its band. */
const tick = (thick: number) => ({
  draw(context: { rect(x: number, y: number, w: number, h: number): void }) {
    const height = thick + 4;
    context.rect(-1, -height / 2, 2, height);
  },
});

/** On the right: the time since the previous step, and the number of spans. */
function gapMarks(parts: readonly Part[], nouns: string): Markish[] {
  const column = (
    head: string,
    dx: number,
    text: (row: TypicalStep) => string,
  ) => [
    Plot.text([head], {
      frameAnchor: "top-right",
      textAnchor: "end",
      lineAnchor: "bottom",
      dx,
      dy: -6,
      fill: style.mutedInk,
    }),
    ...parts.map(({ rows, dy }) =>
      Plot.text(rows, {
        y: "step",
        frameAnchor: "right",
        textAnchor: "end",
        text,
        dx,
        dy,
      })
    ),
  ];
  return [
    ...column(
      "median gap",
      76,
      ({ gap }) =>
        Number.isNaN(gap) ? "" : (gap < 0 ? "" : "+") + formatDuration(gap),
    ),
    ...column(nouns, 134, ({ spans }) => count(spans)),
  ];
}

function tipOf(
  row: TypicalStep,
  noun: string,
  { at }: DurationScale,
): Tip {
  const numbers = Object.entries({
    "earliest": row.minimum,
    "25%": row.percentile25,
    "median": row.median,
    "75%": row.percentile75,
    "latest": row.maximum,
    "median gap": row.gap,
  }).filter(([, value]) => !Number.isNaN(value));
  return {
    x: at(row.median),
    y: row.step,
    text: [
      row.series === undefined ? row.step : `${row.step}, ${row.series}`,
      counted(row.spans, noun),
      ...numbers.map(([name, value]) => `${name} ${formatDuration(value)}`),
    ].join("\n"),
  };
}
