/* global d3 */
import { printable } from "../../display/text/plain.js";
import { binCounts } from "./bins.js";
import { runColor } from "./colors.js";
import { ticksIn } from "./axis.js";

const height = 62;
const axis = 18;

/** The number of running attempts over the whole time, and the window in it. */
export function initOverview(container, stream, { moveTo }) {
  const svg = d3.select(container).append("svg").attr("height", height)
    .attr("role", "img").attr(
      "aria-label",
      "Attempts that run, over the whole time",
    );
  const areas = svg.append("g");
  const ticks = svg.append("g");
  const brushed = svg.append("g");
  let now;
  let isFollowing = false;
  const brush = d3.brushX().on(
    "brush end",
    ({ type, selection, sourceEvent }) => {
      if (isFollowing || !sourceEvent) return;
      const { time } = now;
      if (!selection || selection[1] - selection[0] < 2) {
        if (type === "end" && !selection) moveTo([time.from, time.until]);
        return;
      }
      moveTo(selection.map(now.x.invert), type === "end");
    },
  );

  const drawn = {};
  return {
    draw({ time, span, chosen, theme, size: { width }, left }) {
      const x = d3.scaleLinear([time.from, time.until], [left, width]);
      now = { time, x };
      const key = [width, left, theme.ink];
      const isSame = drawn.time === time && drawn.chosen === chosen &&
        String(drawn.key) === String(key);
      if (!isSame) {
        Object.assign(drawn, { time, chosen, key });
        svg.attr("width", width).attr("viewBox", [0, 0, width, height]);
        const bins = Math.max(10, Math.round((width - left) / 2));
        const lines = linesOf({ stream, time, bins, chosen, theme });
        const max = d3.max(lines, ({ values }) => d3.max(values));
        const y = d3.scaleLinear([0, max || 1], [height - axis, 4]);
        const area = d3.area()
          .x((_, i) => left + (i + 0.5) / bins * (width - left))
          .y0(y(0)).y1(y).curve(d3.curveStep);
        areas.selectAll("path").data(lines).join("path")
          .attr("d", ({ values }) => area(values))
          .attr("fill", ({ color }) => color)
          .attr("fill-opacity", ({ opacity }) => opacity)
          .attr("stroke", ({ color, isLine }) => isLine ? color : "none");
        areas.selectAll("text").data([
          "at work,",
          `up to ${d3.format(max < 10 ? ".1~f" : ",.0f")(max ?? 0)}`,
        ]).join("text").text((text) => text).attr("x", 4)
          .attr("y", (_, i) => 14 + 14 * i)
          .attr("fill", theme.muted);
        drawTicks(ticks, { time, x, width, left, theme });
        brush.extent([[left, 0], [width, height - axis]]);
        brushed.call(brush);
      }
      isFollowing = true;
      const isWhole = span[0] <= time.from && span[1] >= time.until;
      brushed.call(brush.move, isWhole ? null : span.map(x));
      isFollowing = false;
    },
  };
}

/** Attempts that pass the filters before all, or each run that is compared. */
function linesOf({ stream, time, bins, chosen, theme }) {
  const ofChosen = (test) =>
    runningOf(stream, time, bins, (i) => chosen.chosen[i] === 1 && test(i));
  if (time.overlaid.length > 0) {
    return time.overlaid.map((run, nth) => ({
      values: ofChosen((i) =>
        stream.lanes[stream.attempts.lane[i]].runIndex === run
      ),
      color: runColor(nth),
      opacity: 0.25,
      isLine: true,
    }));
  }
  const all = runningOf(stream, time, bins, () => true);
  const isLine = false;
  const filtered = {
    values: chosen.isAll ? all : ofChosen(() => true),
    color: theme.accent,
    opacity: 0.9,
    isLine,
  };
  return chosen.isAll
    ? [filtered]
    : [{ values: all, color: theme.muted, opacity: 0.35, isLine }, filtered];
}

function runningOf({ attempts, lanes, length }, time, bins, test) {
  const counts = binCounts(time.from, time.until, bins);
  for (let i = 0; i < length; i++) {
    if (attempts.ran[i] === 0 || !test(i)) continue;
    const { runIndex } = lanes[attempts.lane[i]];
    if (!time.isShown[runIndex]) continue;
    const offset = time.offsets[runIndex];
    counts.add(attempts.start[i] - offset, attempts.end[i] - offset);
  }
  return counts.means();
}

/** Times since the start, or which runs are where. */
function drawTicks(group, { time, x, width, left, theme }) {
  const ticks = ticksIn(time, [time.from, time.until], (width - left) / 110);
  const labels = time.parts.length > 1
    ? time.parts.map(({ from, until, members }) => ({
      at: (x(from) + x(until)) / 2,
      text: members.length === 1
        ? `run ${members[0].run}`
        : `runs ${members[0].run} to ${members.at(-1).run}`,
    }))
    : ticks.places.map((place) => ({ at: x(place), text: ticks.since(place) }));
  let free = left - 30;
  const fitting = labels.filter(({ at, text }) => {
    const half = 3.2 * text.length;
    if (at - half < free || at + half > width) return false;
    free = at + half + 6;
    return true;
  });
  group.selectAll("text").data(fitting).join("text")
    .attr("x", ({ at }) => at).attr("y", height - 4)
    .attr("text-anchor", "middle").attr("fill", theme.muted)
    .text(({ text }) => printable(text));
}
