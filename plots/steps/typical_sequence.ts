import type { Panel } from "../chart/plot_types.ts";
import { bandAxis } from "../axes/band_axis.ts";
import { type Chart, defaultWidth } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { givenDomain } from "../drawing/merge.ts";
import {
  durationScale,
  type DurationScaleOptions,
  withinScale,
} from "../durations/duration_scale.ts";
import { frame } from "../chart/frame.ts";
import { lineColorsFor } from "../chart/palette.ts";
import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import { logRange } from "../durations/duration_scale.ts";
import { stepTimes, type StepTimesOptions } from "./step_times.ts";
import {
  isSequence,
  stepsOfSequence,
  type TypicalStep,
  typicalSteps,
} from "./typical_steps.ts";
import {
  type Sequence,
  sequenceCaption,
  stepTip,
} from "./typical_sequence_words.ts";
import {
  gapColumns,
  rangeHeight,
  rangeLegend,
  rangesOf,
} from "./typical_sequence_marks.ts";

/** What {@linkcode typicalSequence} takes beside its rows. */
export interface TypicalSequenceOptions
  extends StepChannels, StepTimesOptions, DurationScaleOptions, HelperOptions {}

/**
 * A span's typical life: for each step, in the usual order, when spans come to
 * it after their start. A range goes from the soonest to the latest, thicker
 * from 5 to 95 %, and thickest from 25 to 75 %, with a tick at the median. Beside
 * it stand the median of the time since the step before, and how many spans
 * came. With `series`, such as two runs, each has its own range in the band.
 *
 * One row for each step of a span: the span, the time in seconds, the step, in
 * the first three columns or in those that are named. Rows of `eventsOf` and of
 * `statesOverTime` are taken as they are; so are rows that
 * `eventSequences(db, type, { align: "step", percentiles: [5, 25, 50, 75, 95] })`
 * gives.
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
 * assert.match(chart.caption, /^2 spans in 2 steps: .* 2.5 s after the start/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function typicalSequence(
  rows: Rows,
  options: TypicalSequenceOptions = {},
): Chart {
  return chartOf(typicalSequenceKind, rows, options);
}

const typicalSequenceKind: OldChartKind<Sequence, TypicalSequenceOptions> = {
  height: 0,
  read(rows, options) {
    if (isSequence(rows as Rows)) {
      const told = stepsOfSequence(rows as object[]);
      return {
        rows: told.slice(0, options.mostSteps ?? 20),
        steps: told.slice(0, options.mostSteps ?? 20).map(({ step }) => step),
        series: undefined,
        spans: told.reduce((most, { spans }) => Math.max(most, spans), 0),
        left: Math.max(0, told.length - (options.mostSteps ?? 20)),
        ...{ withoutTime: 0, withoutStep: 0, unnamed: 0 },
      };
    }
    const times = stepTimes(rows as Rows, options);
    return { ...times, rows: typicalSteps(times) };
  },
  share(data, options) {
    const names = new Set(data.flatMap(({ series }) => series ?? []));
    if (names.size === 0) return options;
    const colors = lineColorsFor(names);
    return { ...options, color: colorScale(names, options, colors) };
  },
  extent: ({ rows }, { log }) =>
    rows.length && !log ? { x: extentOfSteps(rows) } : {},
  plots: (sequence, options) => [[typicalSequencePlot(sequence, options)]],
  title: () => "Typical sequence of steps",
  caption: sequenceCaption,
  legend(data, { color }) {
    const names = new Set(data.flatMap(({ series }) => series ?? []));
    if (!data.some(({ rows }) => rows.length)) return undefined;
    if (names.size) return legendOfNames(names, color);
    return rangeLegend;
  },
};

const marginRight = 142;

function typicalSequencePlot(
  sequence: Sequence,
  options: TypicalSequenceOptions,
): Panel {
  const { rows, steps, series } = sequence;
  const { width = defaultWidth, log } = options;
  const bandHeight = series ? series.length * rangeHeight + 12 : 28;
  const height = 68 + Math.max(2, steps.length) * bandHeight;
  const { least, most, notPositive } = logRange(
    rows.map(({ minimum, maximum, median }) => ({
      duration: Float64Array.of(minimum, median, maximum),
    })),
  );
  const scale = durationScale(
    log ? [least, most] : extentOfSteps(rows),
    { log, logRange: { least, most, notPositive } },
    givenDomain(options.x),
  );
  return frame({
    marginRight,
    ...options,
    ...withinScale("x", options, scale),
    width,
    height: options.height || height,
  }, {
    x: (_, pixels) =>
      scale.axis({
        pixels: pixels - marginRight + 20,
        label: "time since the start of the span",
      }),
    y: (_, pixels) => bandAxis(steps, { pixels, label: "" }),
    zero: log ? undefined : "x",
    draw: ({ clip }) => ({
      marks: [
        ...rangesOf(rows, series, scale.at, clip),
        ...rows.length ? gapColumns(rows, series) : [],
      ],
    }),
    tips: () => rows.slice(0, mostTips).map((row) => stepTip(row, scale.at)),
    empty: rows.length ? undefined : noRows,
  });
}

const mostTips = 500;

function extentOfSteps(rows: readonly TypicalStep[]): [number, number] {
  let [low, high] = [0, 0];
  for (const { minimum, maximum } of rows) {
    low = Math.min(low, minimum);
    high = Math.max(high, maximum);
  }
  return high > low ? [low, high] : [0, 1];
}
