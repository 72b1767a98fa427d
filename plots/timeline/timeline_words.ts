import { formatDuration } from "../axes/units.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import {
  rarePhases,
  type TimelineBar,
  type TimelineBars,
} from "./timeline_bars.ts";
import { timeInPhases } from "./fold_phases.ts";
import type { TimelineLines } from "./timeline_lines.ts";
import { counted, named, rowsWithoutTime } from "../chart/words.ts";

/** What a line is, by the name of its column: "root_id" is a span. */
export function lineNoun(column: string | undefined): string {
  if (column === undefined) return "line";
  const noun = column.replace(/_id$/, "");
  return noun === "root" || noun === "id" || noun === "" ? "span" : noun;
}

/** More than one of them: tasks, tries. */
export function plural(noun: string): string {
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** What a timeline says of its rows. */
export function timelineCaption(
  lines: TimelineLines,
  { of = lineNoun(lines.lineName), x }: HelperOptions & {
    of?: string | undefined;
  },
): string {
  const { length, domain, withoutTime } = lines;
  if (length === 0) {
    return ["No phases.", ...rowsWithoutTime(withoutTime)].join(" ");
  }
  const took = formatDuration(domain[1] - domain[0]);
  const parts = [
    `${counted(lines.order.length, named(of), named(plural(of)))} with ` +
    `${counted(length, "phase")} in ${took}${timeShares(lines)}.`,
  ];
  const asked = givenDomain(x);
  if (asked) {
    const outside = lines.start.filter((start, i) =>
      start > asked[1] || lines.end[i]! < asked[0]
    ).length;
    if (outside) {
      parts.push(`${counted(outside, "phase is", "phases are")} off the axis.`);
    }
  }
  if (lines.withoutEnd) {
    parts.push(
      `${counted(lines.withoutEnd, "phase has", "phases have")} no end: ` +
        "drawn to the end of the data.",
    );
  }
  if (lines.negative) {
    parts.push(
      `${
        counted(lines.negative, "phase ends", "phases end")
      } before the start.`,
    );
  }
  if (lines.overlapping) {
    const { overlapping } = lines;
    const both = `${counted(overlapping, of, plural(of))}`;
    parts.push(`In ${both} phases overlap: they lie in lanes.`);
  }
  return [...parts, ...rowsWithoutTime(withoutTime)].join(" ");
}

function timeShares(lines: TimelineLines): string {
  const time = timeInPhases(lines);
  const total = time.reduce((a, b) => a + b, 0);
  if (!(total > 0) || lines.phases.length < 2) return "";
  const most = lines.phases.map((name, p) => ({
    name,
    share: time[p]! / total,
  }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share).slice(0, 5)
    .map(({ name, share }) =>
      `${named(name)} ${Math.round(share * 100)}\u00a0%`
    );
  return `, of their time ${most.join(", ")}`;
}

/** What a raster stands for; nothing, if there is none. */
export function rasterWords(
  lines: TimelineLines,
  { bars, rowsALine, cellSeconds }: TimelineBars,
  noun: string,
): string[] {
  if (!cellSeconds) return [];
  const stands = rowsALine > 1
    ? `Each line of the picture stands for ` +
      `${Number(rowsALine.toFixed(1))} ${plural(noun)}, and each`
    : "Each";
  const rare = rarePhases(lines);
  const shown = lines.phases.filter((_, p) => rare[p]);
  const seen = new Set(bars.map(({ phase }) => phase));
  const unseen = lines.phases.filter((name) => name && !seen.has(name));
  const tooShort = unseen.length
    ? ` Too short to be seen: ${listed(unseen)}.`
    : "";
  const always = shown.length
    ? `; each ${listed(shown)} is drawn, for they are few`
    : "";
  return [
    `${stands} cell of ${formatDuration(cellSeconds)} has the colour of ` +
    `the phase with the most time in it${always}.${tooShort}`,
  ];
}

const listed = (names: readonly string[]) =>
  names.slice(0, 5).map(named).join(", ") +
  (names.length > 5 ? ` and ${names.length - 5} more` : "");

/** What is said of a bar where one points at it. */
export function barWords(
  { order, rows, domain }: TimelineLines,
  { x1, x2, y1, y2, phase }: TimelineBar,
  noun: string,
): string {
  // The line whose rows the bar lies in.
  let [low, high] = [0, order.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (order[middle]!.row <= y1) low = middle;
    else high = middle - 1;
  }
  const { name = "" } = order[low] ?? {};
  const more = Math.min(rows, Math.round(y2)) - Math.round(y1) - 1;
  return [
    `${noun} ${name}${more > 0 ? ` and ${counted(more, "more", "more")}` : ""}`,
    phase,
    `${formatDuration(x2 - x1)} from ${formatDuration(x1 - domain[0])} on`,
  ].filter(Boolean).join("\n");
}
