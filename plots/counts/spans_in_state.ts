import { countAxis, shareAxis, thicknessAxis } from "../axes/number_axes.ts";
import type { Chart } from "../chart/chart.ts";
import { type ChartKind, chartOf } from "../chart/chart_kind.ts";
import {
  columnsThatFit,
  deriveSeries,
  meansOver,
  type SeriesFacet,
  type SeriesOptions,
  seriesPanel,
} from "../chart/series_plot.ts";
import { counted, rowsLeftOut } from "../chart/words.ts";
import type { Rows } from "../rows/channels.ts";
import type { Stacking } from "./series_steps.ts";
import { mostSeries } from "../rows/series.ts";
import type { StepRows } from "../rows/step_rows.ts";
import {
  countStates,
  readStates,
  type StateChannels,
  type StateCountOptions,
  type StateCounts,
} from "./state_counts.ts";

/** Options of {@linkcode spansInState}. */
export interface SpansInStateOptions
  extends StateChannels, StateCountOptions, SeriesOptions {}

/**
 * Draws how many spans are in each state over time, stacked. One row for each
 * change of state: the span, the time in seconds, the state that it enters; in
 * the first three columns, or in those that are named. Rows may come in any
 * order; those at equal times count in the order given. A state of null takes a
 * span out of the chart.
 *
 * The states may be components: `whereIsEveryTask()` gives such rows. Runs,
 * executors or blocks are drawn below each other with `facet`.
 *
 * `stack` draws the states as `counts`, one on the other; as `shares` of the
 * spans in any state; as a `streamgraph`, around a middle, whose thickness
 * counts; or as `lines`, each from zero. A state has the same colour in every
 * chart; `color: { domain, range }` gives others.
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

const spansInStateKind: ChartKind<StepRows, SeriesFacet, SpansInStateOptions> =
  {
    height: 360,
    read: (rows, options) => readStates(rows as Rows, options),
    derive: (all, options) =>
      deriveSeries(
        all.map((changes) =>
          countStates(changes, {
            columns: columnsThatFit(
              Math.min(
                changes.steps.length,
                (options.maxStates ?? mostSeries) + 1,
              ),
              all.length,
            ),
            ...options,
          })
        ),
        options,
        {
          title: "Spans in each state",
          caption: captionOf,
        },
      ),
    draw: (facet, options) => ({
      panels: [[
        seriesPanel(facet, options, {
          y([low, high], pixels) {
            const label = "spans in state";
            if (facet.stack === "streamgraph") {
              return thicknessAxis(high - low, { pixels, label });
            }
            return facet.stack === "shares"
              ? shareAxis([low, high], {
                pixels,
                label: "share of the spans in any state",
              })
              : countAxis(high, { pixels, label });
          },
        }),
      ]],
      caption: facet.caption,
    }),
  };

function captionOf(counts: StateCounts, stack: Stacking): string {
  const { names, spans, peak } = counts;
  const left = rowsLeftOut(counts);
  if (spans === 0 && left.length === 0) return "No rows.";
  return [
    `${counted(spans, "span")} in ${counted(names.length, "state")}, ` +
    `at most ${peak.toLocaleString("en-US")} at once.`,
    ...meansOver(counts, stack),
    ...left,
  ].join(" ");
}
