import type { Markish, Panel } from "../chart/plot_types.ts";
import { countAxis } from "../axes/count_axis.ts";
import { timeAxis, type TimeAxisOptions } from "../axes/time_axis.ts";
import type { Rows } from "../rows/channels.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { Domain } from "../chart/facets.ts";
import type { OldChartKind, Part } from "../chart/chart_kind.ts";
import {
  peakLineMarks,
  stackedStepMarks,
  stepLineMarks,
  stepTips,
} from "./step_marks.ts";
import { shareAxis } from "../axes/share_axis.ts";
import { thicknessAxis } from "../axes/thickness_axis.ts";
import { timeWords } from "../axes/time_words.ts";
import { colorsFor, lineColorsFor } from "../chart/palette.ts";
import {
  filledSteps,
  type Stacking,
  stackValues,
  type StepValue,
} from "./stacking.ts";
import { peaksAreHidden, stateCaption, stateLegend } from "./state_words.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { colorScale } from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import { stateChanges, type StateChannels } from "./state_changes.ts";
import {
  type StateCount,
  type StateCountOptions,
  type StateCounts,
  stateCounts,
} from "./state_counts.ts";

/** What {@linkcode spansInState} takes beside its rows. */
export interface SpansInStateOptions
  extends
    StateChannels,
    StateCountOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {
  /**
   * How the states lie: one on the other as `counts`, if not given; as `shares`
   * of the spans that are in any state then; as a `streamgraph`, around a
   * middle, whose thickness counts; or as `lines`, each from zero.
   */
  stack?: Stacking | undefined;
}

/**
 * How many spans are in each state over time, stacked. One row for each change
 * of state: the span, the time in seconds, the state that it enters; in the
 * first three columns, or in those that are named. Rows may come in any order;
 * those at equal times count in the order given. A state of null takes a span
 * out of the chart.
 *
 * The states may be components: `whereIsEveryTask()` gives such rows. Runs,
 * executors or blocks are drawn below each other with `facet`.
 *
 * A state has the same colour in every chart; `color: { domain, range }` gives
 * others.
 *
 * @example
 * ```ts
 * import { spansInState } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = spansInState([
 *   { task: 1, time: 0, state: "pending" },
 *   { task: 1, time: 2, state: "running" },
 *   { task: 1, time: 5, state: null },
 * ]);
 * assert.match(chart.caption, /^1 span in 2 states/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function spansInState(
  rows: Rows,
  options: SpansInStateOptions = {},
): Chart {
  return chartOf(spansInStateKind, rows, options);
}

const spansInStateKind: OldChartKind<StateCounts, SpansInStateOptions> = {
  height: 360,
  read(rows, options) {
    const changes = stateChanges(rows as Rows, options);
    return stateCounts(changes, {
      columns: columnsThatFit(changes.states.length, options),
      ...options,
    });
  },
  extent: (counts, { stack }) =>
    counts.spans
      ? { x: counts.domain, y: uprightOf(counts, stack), isTime: true }
      : {},
  share(counts, options) {
    const states = new Set(counts.flatMap(({ states }) => states));
    const colors = (options.stack === "lines" ? lineColorsFor : colorsFor)(
      states,
    );
    return { ...options, color: colorScale(states, options, colors) };
  },
  plots: (counts, options) => [[spansInStatePlot(counts, options)]],
  title: () => "Spans in each state",
  caption: stateCaption,
  legend: stateLegend,
};

function uprightOf(counts: StateCounts, stack: Stacking = "counts"): Domain {
  if (stack === "shares") return [0, 1];
  if (stack === "lines") {
    return [0, Math.max(1, ...counts.counts.map(({ maximum }) => maximum))];
  }
  const highest = counts.counts
    .reduce((highest, { y2 }) => Math.max(highest, y2), counts.most);
  return stack === "counts" ? [0, highest] : [-highest / 2, highest / 2];
}

/** The plot of {@linkcode spansInState}, as one panel of a figure. */
function spansInStatePlot(
  counts: StateCounts,
  options: SpansInStateOptions,
): Panel {
  const { clock, stack = "counts" } = options;
  return frame(options, {
    x: (asked, pixels) => timeAxis(asked ?? counts.domain, { pixels, clock }),
    y(asked, pixels) {
      const domain = asked ?? uprightOf(counts, stack);
      const label = "spans in state";
      if (stack === "streamgraph") {
        return thicknessAxis(domain[1] - domain[0], { pixels, label });
      }
      return stack === "shares"
        ? shareAxis(domain, {
          pixels,
          label: "share of the spans in any state",
        })
        : countAxis(domain[1], { pixels, label });
    },
    grid: stack !== "streamgraph",
    zero: stack === "streamgraph" ? undefined : "y",
    draw: ({ clip }) => ({
      marks: spansInStateMarks(counts, { clip, stack }),
    }),
    tips: () =>
      stepTips(
        counts.counts.map(asStep),
        timeWords(counts.domain, counts.columnSeconds, clock),
      ),
    empty: counts.counts.length ? undefined : noRows,
  });
}

const asStep = ({ state, count, ...others }: StateCount): StepValue => ({
  ...others,
  name: state,
  value: count,
});

/**
 * Counts of spans in states as marks for `Plot.plot`, stacked as `stack` says.
 * Takes what {@linkcode stateCounts} gives; the states are on the color scale.
 * With `clip`, what is beyond the frame is cut off.
 *
 * @example
 * ```ts
 * import { plot, spansInStateMarks, stateCounts } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const counts = stateCounts([[1, 0, "running"], [1, 5, null]]);
 * const chart = plot({
 *   y: { label: "spans" },
 *   marks: [...spansInStateMarks(counts), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("spans"));
 * ```
 */
export function spansInStateMarks(
  stateCounts: StateCounts,
  { clip = false, stack = "counts" }: { clip?: boolean; stack?: Stacking } = {},
): Markish[] {
  const steps = stateCounts.counts.map(asStep);
  if (stack === "lines") {
    return stepLineMarks(filledSteps(steps, stateCounts.domain), { clip });
  }
  return [
    ...stackedStepMarks(stackValues(steps, stack), { clip }),
    ...(stack === "counts" && peaksAreHidden(stateCounts)
      ? peakLineMarks(stateCounts.peaks, { clip })
      : []),
  ];
}

// However many rows there are, a chart has at most so many areas times columns:
// that keeps it under 300 kB.
const mostSteps = 7000;

function columnsThatFit(
  states: number,
  { mostStates = 20, part }: StateCountOptions & Part,
): number {
  const areas = Math.min(states, mostStates + 1);
  const fitting = Math.floor(mostSteps * part / (areas || 1));
  return Math.max(30, Math.min(640, fitting));
}
