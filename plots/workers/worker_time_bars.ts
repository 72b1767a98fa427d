// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sort, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { formatMetric, metricAxis, shareAxis } from "../axes/number_axes.ts";
import { formatShare } from "../axes/units.ts";
import { counted, named, notes, plural, sentences } from "../chart/captions.ts";
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
import { frame } from "../chart/frame.ts";
import type { Panel, Tip } from "../chart/plot_types.ts";
import { Plot } from "../drawing/plot.ts";
import { style, textWidth } from "../drawing/style.ts";
import { textColorOn } from "../drawing/theme.ts";
import type { Rows } from "../rows/channels.ts";
import { isOther } from "../rows/series.ts";
import { useColors, waitColors } from "./worker_colors.ts";
import {
  type Amounts,
  type BarsLayout,
  layOutBars,
  readParts,
  totalOf,
  type WorkerTimeChannels,
} from "./worker_time_parts.ts";

/** Options of {@linkcode workerTimeBars}. */
export interface WorkerTimeBarsOptions
  extends WorkerTimeChannels, HelperOptions {
  /**
   * Whether all bars have the same length and show shares of their group, or are
   * as long as its amount. "shares" by default.
   */
  scale?: "shares" | "amounts" | undefined;
}

/**
 * Draws what the time of workers was used for: a bar for each run, executor,
 * node or app, divided into useful work, work in vain and the causes of waiting,
 * with its total on the right. Takes one row per group and use, as from
 * `workerTime(db, { by })`: the columns of the group, the use and the seconds.
 * Any other rows with groups, parts and amounts do as well.
 *
 * The largest 40 groups have a bar each, the others share one.
 *
 * @example
 * ```ts
 * import { workerTimeBars } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = workerTimeBars([
 *   { run: "000", use: "useful", seconds: 30 },
 *   { run: "000", use: "nothing queued", seconds: 10 },
 * ]);
 * assert.match(chart.caption, /^40 s of worker time: useful 75%, nothing/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function workerTimeBars(
  rows: Rows,
  options: WorkerTimeBarsOptions = {},
): Chart {
  checkOptions("workerTimeBars", options, {
    groups: true,
    part: true,
    amount: true,
    unit: true,
    scale: true,
    ...helperOptionNames,
  });
  const { scale = "shares" } = options;
  return chartOf(rows, options, {
    height: 200,
    ownsRuns: () => true,
    read: (rows) => readParts(rows, options),
    derive(all) {
      const maxBars = Math.max(4, Math.floor(totalBars / all.length));
      const layouts = all.map((amounts) => layOutBars(amounts, maxBars));
      const bars = max(layouts, ({ bars }) => bars.length)!;
      const height = 68 + Math.max(1, bars) * barHeight;
      const order = [...useColors.keys()];
      const names = sort(
        new Set(layouts.flatMap(({ parts }) => parts)),
        (name) => isOther(name) ? order.length : order.indexOf(name),
      );
      const others = names.filter((name) => !useColors.has(name));
      const color = colorScale(
        names,
        options,
        new Map([...colorsFor(others), ...useColors]),
      );
      const longest = scale === "shares"
        ? 1
        : max(layouts, ({ bars }) => max(bars, totalOf)) || 1;
      const facets = layouts.map((layout): FacetData => {
        const pieces = piecesOf(layout, scale, names);
        return {
          caption: captionOf(layout, scale),
          height,
          extent: { x: [0, longest] },
          draw: (sized) => drawBars(layout, pieces, { ...sized, scale, color }),
        };
      });
      const legend = legendOfNames(names, color);
      return { title: titleOf(all[0]!), color, legend, facets };
    },
  });
}

// In all facets together.
const totalBars = 40;
const barHeight = 24;
const minLabelHeight = 13;

/** A part of a bar, in the units of the scales. */
interface Piece {
  x1: number;
  x2: number;
  row: number;
  part: string;
  amount: number;
  share: number;
}

function piecesOf(
  { bars, parts }: BarsLayout,
  scale: "shares" | "amounts",
  order: readonly string[],
): Piece[] {
  const places = sort(parts.keys(), (p) => order.indexOf(parts[p]!));
  return bars.flatMap((bar, row) => {
    const total = totalOf(bar);
    const unit = scale === "shares" ? total || 1 : 1;
    let x2 = 0;
    return places.filter((p) => bar.amounts[p]! > 0).map((p): Piece => {
      const amount = bar.amounts[p]!;
      const x1 = x2;
      x2 += amount / unit;
      return { x1, x2, row, part: parts[p]!, amount, share: amount / total };
    });
  });
}

function drawBars(
  layout: BarsLayout,
  pieces: readonly Piece[],
  { scale, color, ...options }: DrawOptions & {
    scale: "shares" | "amounts";
    color: ColorScale;
  },
): Panel {
  const { bars, unit, amountName } = layout;
  const totals = bars.map((bar) => formatMetric(totalOf(bar), unit));
  const widest = max(totals, (text) => textWidth(text, style.textSize)) ?? 0;
  const amount = amountName === "seconds" ? "time" : amountName ?? "amount";
  const longest = max(pieces, ({ x2 }) => x2) || 1;
  return frame({
    marginRight: Math.ceil(widest) + 16,
    ...options,
    color,
    y: undefined,
  }, {
    x: (asked, pixels) =>
      scale === "shares"
        ? shareAxis(asked ?? [0, 1], { pixels, label: `share of ${amount}` })
        : metricAxis(asked ?? [0, longest], unit, { pixels, label: amount }),
    y: (_, pixels) =>
      linesAxis(
        bars.map(({ name }, row) => ({ name, row, lanes: 1 })),
        {
          rows: bars.length,
          pixels,
          label: layout.label,
          maxWidth: options.width * 0.3,
        },
      ),
    grid: false,
    draw({ x, width, height, clip }) {
      const [low, high] = x.domain as [number, number];
      const perPixel = (high - low) / width;
      const thickness = height / Math.max(1, bars.length);
      const colors = new Map(
        color.domain.map((name, i) => [name, color.range[i]!]),
      );
      const labelled = pieces.filter(({ x1, x2, share }) =>
        thickness >= minLabelHeight &&
        (x2 - x1) / perPixel >=
          textWidth(formatShare(share), style.textSize) + 6
      );
      return {
        marks: [
          // The narrowest come last, so that each is seen.
          Plot.rect(sort(pieces, ({ x1, x2 }) => x1 - x2), {
            x1: "x1",
            x2: ({ x1, x2 }: Piece) => Math.max(x2, x1 + 1.2 * perPixel),
            y1: "row",
            y2: ({ row }: Piece) => row + 1,
            fill: scaledNames("part"),
            insetTop: 2,
            insetBottom: 2,
            clip,
          }),
          Plot.text(labelled, {
            x: ({ x1, x2 }: Piece) => (x1 + x2) / 2,
            y: ({ row }: Piece) => row + 0.5,
            text: ({ share }: Piece) => formatShare(share),
            fill: ({ part }: Piece) => textColorOn(colors.get(part)!),
            clip,
          }),
          Plot.text(totals, {
            x: high,
            y: (_, row) => row + 0.5,
            text: (total) => total,
            textAnchor: "start",
            dx: 6,
          }),
        ],
      };
    },
    tips: () => pieces.map((piece) => tipOf(layout, piece)),
    empty: bars.length ? undefined : "No rows",
  });
}

function tipOf({ bars, unit }: BarsLayout, piece: Piece): Tip {
  const { x1, x2, row, part, amount, share } = piece;
  const bar = bars[row]!;
  const text = [
    bar.title,
    part,
    `${formatMetric(amount, unit)}, ${formatShare(share)} of ` +
    formatMetric(totalOf(bar), unit),
  ].filter(Boolean).join("\n");
  return { x: x1, x2, y: row + 0.5, text };
}

/** Whether the rows are those of `workerTime(db)`, as far as is known. */
const isWorkerTime = ({ groups, partName, amountName }: Amounts): boolean =>
  groups.length === 0 || partName === "use" && amountName === "seconds";

function titleOf(amounts: Amounts): string {
  if (isWorkerTime(amounts)) return "What was worker time used for?";
  const { partName = "part", amountName = "amount" } = amounts;
  return `${amountName[0]!.toUpperCase()}${amountName.slice(1)} by ${partName}`;
}

function captionOf(
  layout: BarsLayout,
  scale: "shares" | "amounts",
): string {
  const { bars, parts, unit, noun, folded, withoutAmount, negative } = layout;
  const left = notes(
    [withoutAmount, "row", "without a number left out"],
    [negative, "row", "with a negative number left out"],
  );
  if (bars.length === 0) return sentences("No rows.", left);
  const total = sum(bars, totalOf);
  const shares = parts
    .map((name, p) => ({ name, share: sum(bars, (b) => b.amounts[p]) / total }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  const listed = shares.slice(0, 8)
    .map(({ name, share }) => `${named(name)} ${formatShare(share)}`);
  const more = shares.length - listed.length;
  const number = bars.length - Number(folded > 0) + folded;
  return sentences(
    formatMetric(total, unit) +
      (isWorkerTime(layout) ? " of worker time" : "") +
      (number > 1 ? ` in ${counted(number, noun)}` : "") +
      (listed.length ? `: ${listed.join(", ")}` : "") +
      (more > 0 ? ` and ${more} more.` : "."),
    parts.some((name) => waitColors.has(name)) &&
      "Workers had no task in the pale parts.",
    number > 1 && scale === "shares" &&
      `Each bar is 100% of the total on its right.`,
    folded > 0 &&
      `The ${folded} ${plural(noun)} with the least are in one bar.`,
    left,
  );
}
