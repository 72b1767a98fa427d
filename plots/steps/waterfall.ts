// Over 300 lines: one chart, from its rows to its marks and caption.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, maxIndex, min } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { durationAxis } from "../axes/duration_axis.ts";
import { bandAxis } from "../axes/name_axes.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import {
  count,
  counted,
  named,
  notes,
  plural,
  rowsLeftOut,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type DrawOptions,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import {
  type ColorScale,
  colorScale,
  colorsFor,
  legendOfNames,
  scaledNames,
} from "../chart/colors.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import { type Quantiles, quantilesOf } from "../durations/statistics.ts";
import {
  columnNamesOf,
  firstName,
  nounOf,
  type Rows,
} from "../rows/channels.ts";
import {
  leftOut,
  stepChannelNames,
  type StepChannels,
  type StepRowsLeft,
} from "../rows/step_rows.ts";
import { isEnded } from "../rows/state_order.ts";
import { stepTimes } from "./step_times.ts";
import {
  firstSequence,
  isSequence,
  otherSequences,
  sequenceNames,
} from "./typical_sequence.ts";

/** Options of {@linkcode waterfall}. */
export interface WaterfallOptions
  extends Omit<StepChannels, "series">, HelperOptions {
  /**
   * Share of the spans that a step needs, from 0 to 1: rarer ones are not those of
   * a typical span. 0.5 by default.
   */
  minShare?: number | undefined;
}

/**
 * Draws where the time of a typical span goes: a bar for each of its steps, as long
 * as the median and beginning where the one before ends. A thick line extends from
 * the 25th to the 75th percentile of the step, a thin one from the 5th to the 95th.
 *
 * Takes one row per span and state with the span, the time in seconds and the
 * state, as from `whereIsEveryTask()` or `statesOverTime()`: the bars are the times
 * in each state. Also takes the rows of `eventSequences(db, type, { align: "step",
 * percentiles: [5, 25, 50, 75, 95] })`: the bars are the times from one event to
 * the next, in the colours of their components. Several runs are drawn below each
 * other.
 *
 * Medians do not add up exactly: the caption has the median from the first step to
 * the last, too.
 *
 * @example
 * ```ts
 * import { waterfall } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = waterfall([
 *   { task: 1, time: 10, state: "in the queue" },
 *   { task: 1, time: 12, state: "in a worker" },
 *   { task: 1, time: 18, state: "done" },
 *   { task: 2, time: 20, state: "in the queue" },
 *   { task: 2, time: 24, state: "in a worker" },
 *   { task: 2, time: 30, state: "done" },
 * ]);
 * assert.equal(
 *   chart.caption,
 *   "2 spans: median 9 s from in the queue to done. The longest step is in a " +
 *     "worker, median 6 s, 67% of the sum.",
 * );
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function waterfall(rows: Rows, options: WaterfallOptions = {}): Chart {
  const { series: _, ...channelNames } = stepChannelNames;
  checkOptions("waterfall", options, {
    ...channelNames,
    minShare: true,
    ...helperOptionNames,
  });
  return chartOf(rows, options, {
    height: 0,
    read: (rows) => readTypical(rows, options),
    derive(all) {
      const names = new Set(
        all.flatMap(({ bars }) => bars.map(({ color }) => color)),
      );
      const color = colorScale(names, options, colorsFor(names));
      const ends = all.flatMap(({ bars }) =>
        bars.flatMap(({ x1, x2, percentile5, percentile95 }) => [
          x2,
          x1 + percentile5,
          x1 + percentile95,
        ])
      ).filter((end) => !Number.isNaN(end));
      const domain: [number, number] = [
        Math.min(0, min(ends) ?? 0),
        max(ends) || 1,
      ];
      const isNamed = all.some(({ bars }) =>
        bars.some(({ name, color }) => name !== color)
      );
      return {
        title: `Where does the time of a typical ${all[0]!.noun} go?`,
        color,
        legend: names.size === 0 ? undefined : [
          ...isNamed ? legendOfNames(names, color) : medianLegend(all, color),
          ...spreadLegend,
        ],
        facets: all.map((typical): FacetData => ({
          caption: captionOf(typical),
          extent: typical.bars.length ? { x: domain } : undefined,
          height: 68 + Math.max(2, typical.bars.length) * 26,
          draw: (sized) => drawBars(typical, { ...sized, color, domain }),
        })),
      };
    },
  });
}

/** A step of a typical span. */
interface TypicalBar extends Quantiles {
  /** In words. */
  name: string;
  /** Its name on the colour scale: its component or itself. */
  color: string;
  /** Number of spans that it is known of. */
  spans: number;
  /** The median, after those before, in seconds. */
  x1: number;
  x2: number;
}

interface Typical extends StepRowsLeft {
  bars: TypicalBar[];
  spans: number;
  /** Number of spans, of which `spans` have these steps. */
  all: number;
  noun: string;
  /** Share of the spans that have each of the steps. */
  minShare: number;
  /** Number of steps that too few spans have. */
  rare: number;
  /** Median seconds from the first step to the last; NaN if unknown. */
  total: number;
  first: string;
  last: string;
}

/** A step as any rows have it: its times since the step before. */
interface Step {
  name: string;
  component: string | undefined;
  /** Number of spans that reach it. */
  spans: number;
  sinceStart: number;
  sinceBefore: Quantiles;
}

const quantileColumns = Object.entries({
  minimum: "minimum",
  percentile5: "p5",
  percentile25: "p25",
  median: "p50",
  percentile75: "p75",
  percentile95: "p95",
  maximum: "maximum",
});

function readTypical(rows: Rows, options: WaterfallOptions): Typical {
  const { span, time, step, minShare = 0.5 } = options;
  if (isSequence(rows)) {
    const { steps: given, all } = firstSequence(rows);
    const names = sequenceNames(given);
    const numberOf = (value: unknown) =>
      typeof value === "number" ? value : NaN;
    const steps = given.map((row, i): Step => ({
      name: names[i]!,
      component: typeof row.component === "string"
        ? lastPart(row.component)
        : undefined,
      spans: numberOf(row.spans),
      sinceStart: numberOf(row.since_start_p50),
      sinceBefore: Object.fromEntries(
        quantileColumns.map(([name, column]) => [
          name,
          numberOf(row[`since_before_${column}`]),
        ]),
      ) as unknown as Quantiles,
    }));
    const spans = max(steps, ({ spans }) => spans) ?? 0;
    const left = { withoutTime: 0, withoutStep: 0, unnamed: 0 };
    const noun = nounOf(rows);
    const typical = typicalOf(steps, spans, minShare, true);
    return { ...typical, spans, all, minShare, noun, ...left };
  }
  const isOfEvents = step === undefined && !Array.isArray(rows) ||
    firstName(columnNamesOf(rows), "step", "state", "event_type") ===
      "event_type";
  const read = stepTimes(rows, { span, time, step, maxSteps: 100 });
  const steps = read.times.map(({ step, sinceStart, sinceBefore }): Step => ({
    name: step,
    component: undefined,
    spans: sinceStart.length,
    sinceStart: quantilesOf(sinceStart.toSorted()).median,
    sinceBefore: quantilesOf(sinceBefore.toSorted()),
  }));
  return {
    ...typicalOf(steps, read.spans, minShare, isOfEvents),
    spans: read.spans,
    all: read.spans,
    minShare,
    noun: read.noun,
    ...leftOut(read),
  };
}

/** "interchange" of "parsl.executor.htex.interchange"; a run's own logs are Parsl's. */
const lastPart = (type: string) =>
  type.split(".").at(-1)!.replace(/^rundir$/, "DFK");

/**
 * The bars of the steps that most spans reach.
 *
 * @param isOfEvents whether a step is an event, and not a state that lasts
 */
function typicalOf(
  steps: readonly Step[],
  spans: number,
  minShare: number,
  isOfEvents: boolean,
): Pick<Typical, "bars" | "rare" | "total" | "first" | "last"> {
  const kept = steps.filter((step) => step.spans >= spans * minShare);
  let end = 0;
  const bars = kept.slice(1).map((step, i): TypicalBar => {
    const before = kept[i]!.name;
    const x1 = end;
    end += step.sinceBefore.median || 0;
    const name = isOfEvents
      ? `${before} → ${step.name}`.replaceAll("_", " ")
      : before;
    const color = step.component ?? name;
    return { name, color, spans: step.spans, x1, x2: end, ...step.sinceBefore };
  });
  return {
    bars,
    rare: steps.length - kept.length,
    total: kept.at(-1)?.sinceStart ?? NaN,
    first: kept[0]?.name ?? "",
    last: kept.at(-1)?.name ?? "",
  };
}

function captionOf(typical: Typical): string {
  const { bars, spans, noun, rare, total, first, last, minShare } = typical;
  if (bars.length === 0) {
    return sentences(
      spans > 0 ? `${counted(spans, noun)} in one step.` : "No rows.",
      rowsLeftOut(typical),
    );
  }
  const longest = longestOf(bars);
  const share = longest.median / bars.at(-1)!.x2;
  return sentences(
    counted(spans, noun) +
      (Number.isNaN(total) ? "" : `: median ${formatDuration(total)}`) +
      ` from ${named(first)} to ${named(last)}.`,
    longest.median > 0 &&
      `The longest step is ${named(longest.name)}, median ` +
        `${formatDuration(longest.median)}, ${formatShare(share)} of the sum.`,
    isEnded(last) === false && rare > 0 &&
      `No step after ${named(last)} was reached by ${formatShare(minShare)} ` +
        `of the ${plural(noun)}.`,
    otherSequences(typical),
    notes([rare, "rarer step", "not drawn"]),
    rowsLeftOut(typical),
  );
}

/** The first, if no bar has a length. */
const longestOf = (bars: readonly TypicalBar[]): TypicalBar =>
  bars[Math.max(0, maxIndex(bars, ({ median }) => median))]!;

/** An entry in the colour of the longest bar: the axis has their names. */
function medianLegend(
  all: readonly Typical[],
  color: ColorScale,
): LegendEntry[] {
  const bars = all.flatMap(({ bars }) => bars);
  const longest = longestOf(bars);
  return [{ ...legendOfNames([longest.color], color)[0]!, label: "median" }];
}

const spreadLegend: LegendEntry[] = [
  { label: "25 to 75%", color: style.mutedInk },
  { label: "5 to 95%", color: style.mutedInk, shape: "line" },
];

// In pixels, for the numbers on the right, which a narrower chart has in its tips.
const columnsWidth = 150;
const minWidthWithColumns = 460;

function drawBars(
  { bars, spans }: Typical,
  { color, domain, ...options }: DrawOptions & {
    color: ColorScale;
    domain: [number, number];
  },
): Panel {
  const hasColumns = options.width >= minWidthWithColumns;
  return frame({
    marginRight: hasColumns ? columnsWidth : undefined,
    ...options,
    color,
  }, {
    x: (asked, pixels) =>
      durationAxis(asked ?? domain, {
        pixels,
        label: "time since the first step",
      }),
    y: (_, pixels) =>
      bandAxis(bars.map(({ name }) => name), {
        pixels,
        label: "",
        maxWidth: options.width * 0.4,
      }),
    zero: "x",
    draw: ({ clip }) => ({
      marks: bars.length
        ? [...barMarks(bars, clip), ...hasColumns ? columnMarks(bars) : []]
        : [],
    }),
    tips: () => bars.map((bar) => tipOf(bar, spans)),
    empty: bars.length ? undefined : noRows,
  });
}

function barMarks(bars: readonly TypicalBar[], clip: boolean): Markish[] {
  const spread = (
    from: "percentile5" | "percentile25",
    to: "percentile75" | "percentile95",
    strokeWidth: number,
  ) =>
    Plot.ruleY(bars.filter((bar) => bar[to] > bar[from]), {
      y: "name",
      x1: (bar: TypicalBar) => bar.x1 + bar[from],
      x2: (bar: TypicalBar) => bar.x1 + bar[to],
      stroke: style.mutedInk,
      strokeWidth,
      clip,
    });
  return [
    Plot.link(bars.slice(1), {
      x1: "x1",
      x2: "x1",
      y1: (_, i) => bars[i]!.name,
      y2: "name",
      stroke: style.grid,
      clip,
    }),
    Plot.barX(bars, {
      y: "name",
      x1: "x1",
      x2: "x2",
      fill: scaledNames("color"),
      // A step of no length has a place, too.
      insetLeft: -0.5,
      insetRight: -0.5,
      insetTop: 4,
      insetBottom: 4,
      clip,
    }),
    spread("percentile5", "percentile95", 1),
    spread("percentile25", "percentile75", 4),
  ];
}

/** On the right: the median of each step, and the time that 95% keep within. */
function columnMarks(bars: readonly TypicalBar[]): Markish[] {
  const column = (
    head: string,
    dx: number,
    text: (bar: TypicalBar) => string,
  ) => [
    Plot.text([head], {
      frameAnchor: "top-right",
      textAnchor: "end",
      lineAnchor: "bottom",
      dx,
      dy: -6,
      fill: style.mutedInk,
    }),
    Plot.text(bars, {
      y: "name",
      frameAnchor: "right",
      textAnchor: "end",
      text,
      dx,
    }),
  ];
  const seconds = (value: number) =>
    Number.isNaN(value) ? "" : formatDuration(value);
  return [
    ...column("median", 64, ({ median }) => seconds(median)),
    ...column("95% within", 140, ({ percentile95 }) => seconds(percentile95)),
  ];
}

function tipOf(bar: TypicalBar, spans: number): Tip {
  const numbers = Object.entries({
    "median": bar.median,
    "25%": bar.percentile25,
    "75%": bar.percentile75,
    "95%": bar.percentile95,
    "longest": bar.maximum,
  }).filter(([, value]) => !Number.isNaN(value));
  return {
    x: bar.x1,
    x2: bar.x2,
    y: bar.name,
    text: [
      bar.name,
      bar.spans < spans && `in ${count(bar.spans)} of ${count(spans)}`,
      ...numbers.map(([name, value]) => `${name} ${formatDuration(value)}`),
    ].filter(Boolean).join("\n"),
  };
}
