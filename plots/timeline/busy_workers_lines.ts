import defer * as Plot from "@observablehq/plot";
import { linesAxis } from "../axes/lines_axis.ts";
import { timeAcross } from "../axes/time_across.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { percent } from "./busy_workers_words.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import type { Part } from "../chart/chart_kind.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { frame } from "../chart/frame.ts";
import type { Panel } from "../chart/plot_types.ts";
import { timelineMarks } from "./timeline_marks.ts";
import { barWords } from "./timeline_words.ts";
import { noBars, type TimelineBars, timelineBars } from "./timeline_bars.ts";
import type { WorkerLines } from "./worker_lines.ts";
import type { WorkerLives } from "./worker_lives.ts";
import { counted } from "../chart/words.ts";

/** Workers in their lines, and how they were busy. */
export interface Workers extends WorkerLines {
  lives: WorkerLives;
}

/** A line for each worker. */
export function workersPlot(
  workers: Workers,
  options: HelperOptions & Pick<TimeAxisOptions, "clock"> & Part,
): { panel: Panel; drawn: TimelineBars } {
  const { lines, groups, lives: { lives }, by } = workers;
  let drawn = noBars;
  const panel = frame({ ...options, y: undefined }, {
    x: timeAcross(lines.domain, options),
    y: (_, pixels) =>
      linesAxis(lines.order, {
        rows: lines.rows,
        pixels,
        label: by.length ? `worker, by ${by.join(" and ")}` : "worker",
      }),
    grid: false,
    draw({ x, y, across, upright, clip }) {
      const [first, last] = x.domain as [number, number];
      drawn = timelineBars(lines, {
        columns: across,
        pixels: upright,
        domain: [first, last],
        most: Math.floor(8000 * options.part),
      });
      const shares = lives.map(({ share }, l) => ({
        y: lines.order[l]!.row + 0.5,
        text: percent(share),
      })).filter(({ y: place }) =>
        lines.rows <= upright && (y.ticks as number[]).includes(place)
      );
      return {
        marks: [
          ...timelineMarks(lines, {
            drawn,
            clip,
            pixels: upright,
          }),
          Plot.text(shares, {
            ...{ x: last, y: "y", text: "text", textAnchor: "start", dx: 6 },
          }),
          Plot.text(groups, {
            x: first,
            y: "row",
            text: ({ name, lives }) =>
              cutText(groupWords(name, lives), style.textSize, across - 20),
            ...{ textAnchor: "start", dx: 2, fill: style.mutedInk },
            fontWeight: 600,
          }),
        ],
      };
    },
    tips: () =>
      drawn.bars.toSorted((a, b) => b.x2 - b.x1 - (a.x2 - a.x1)).slice(0, 1000)
        .map((bar) => ({
          ...{ x: bar.x1, x2: bar.x2, y: (bar.y1 + bar.y2) / 2 },
          text: barWords(lines, bar, "worker"),
        })),
    empty: lines.length ? undefined : noRows,
  });
  return { panel, drawn };
}

function groupWords(name: string, lives: WorkerLives["lives"]): string {
  const busy = lives.reduce((sum, { busy }) => sum + busy, 0);
  const life = lives.reduce((sum, { life }) => sum + life, 0);
  return `${name}: ${counted(lives.length, "worker")}` +
    (life > 0 ? `, busy ${percent(busy / life)}` : "");
}
