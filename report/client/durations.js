/* global d3, Plot */
import { count, counted, plural, printable } from "../../display/text/plain.js";
import { shortSeconds } from "./attempt_names.js";
import { nothing, show } from "./charts.js";
import { coloring } from "./colors.js";
import { fill } from "./elements.js";
import { inWindow } from "./selection.js";
import { comparedRuns } from "./timeline.js";

const maxBins = 36;

/** How long attempts took: a bar of a bin and an app filters by both. */
export function drawDurations({ box, plot, below }, view) {
  const { stream, state, now, chosen, width } = view;
  const { attempts, length, text } = stream;
  const isInView = inWindow(stream, view.time, view.span);
  const colors = coloring(
    stream,
    now.compare === undefined ? "app" : "run",
    comparedRuns(now),
  );
  const seconds = new Float64Array(length);
  const found = [];
  let open = 0;
  for (let i = 0; i < length; i++) {
    if (chosen.chosen[i] === 0 || attempts.ran[i] === 0 || !isInView(i)) {
      continue;
    }
    if (
      text(attempts.outcome[i]) === "running" ||
      text(attempts.outcome[i]) === "not ended"
    ) open++;
    else {
      seconds[i] = Math.max(0, attempts.end[i] - attempts.start[i]);
      found.push(i);
    }
  }
  box.dataset.attempts = found.length;
  fill(
    below,
    open > 0 ? [`${counted(open, stream.noun)} without an end left out`] : [],
  );
  if (found.length === 0) {
    fill(plot, [nothing(`No ${stream.noun} in view ended.`)]);
    return;
  }
  const { edges, isLog } = edgesOf(found.map((i) => seconds[i]));
  const bins = edges.length - 1;
  const counts = colors.groups.map(() => new Uint32Array(bins));
  for (const i of found) {
    const bin = Math.min(
      bins - 1,
      Math.max(0, d3.bisectRight(edges, seconds[i]) - 1),
    );
    counts[colors.of[i]][bin]++;
  }
  const bars = [];
  for (let bin = 0; bin < bins; bin++) {
    let y = 0;
    for (const [group, { name, filter }] of colors.groups.entries()) {
      const number = counts[group][bin];
      if (number === 0) continue;
      bars.push({
        x1: edges[bin],
        x2: edges[bin + 1],
        y1: y,
        y2: y += number,
        group,
        name,
        filter,
        number,
      });
    }
  }
  const chart = Plot.plot({
    width,
    height: 170,
    marginLeft: 46,
    className: "plot-svg",
    x: {
      type: isLog ? "log" : "linear",
      label: "seconds",
      domain: [edges[0], edges.at(-1)],
      ticks: isLog
        ? logTicks([edges[0], edges.at(-1)], width / 34)
        : width / 70,
      tickFormat: (value) => String(Number(value.toPrecision(3))),
    },
    y: { label: plural(stream.noun), grid: true, tickFormat: integers },
    marks: [
      Plot.rectY(bars, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: ({ group }) => colors.groups[group].color,
        title: ({ name, number, x1, x2 }) =>
          `${counted(number, stream.noun)}, ${printable(name)}: ` +
          `${shortSeconds(x1)} to ${shortSeconds(x2)}`,
      }),
      Plot.ruleY([0]),
    ],
  });
  d3.select(chart).selectAll("[aria-label=rect] rect")
    .classed("choice", true)
    .on("click", (_, index) => {
      const { x1, x2, filter } = bars[index];
      const isLast = x2 === edges.at(-1);
      state.set({
        ...filter,
        longer: x1 === edges[0] ? null : String(x1),
        shorter: isLast ? null : String(x2),
      });
    });
  show(plot, chart);
}

/** Bins of equal ratios for durations of different magnitude, or equal widths. */
function edgesOf(values) {
  const max = d3.max(values);
  const least = d3.min(values, (value) => value > 0 ? value : NaN) ?? max;
  if (!(max > 0)) return { edges: [0, 1], isLog: false };
  // Clocks are no more exact.
  const min = Math.max(least, 1e-4);
  if (max / min < 12) {
    const ticks = d3.ticks(Math.min(least, max), max, 24);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : max || 1;
    const first = Math.floor(least / step) * step;
    const edges = d3.range(first, max + step * 1.001, step);
    return { edges: edges.length > 1 ? edges : [0, max * 2], isLog: false };
  }
  const decades = Math.log10(max / min);
  const parts =
    [10, 5, 4, 3, 2, 1].find((parts) => parts * decades <= maxBins) ?? 1;
  const [first, last] = [
    Math.floor(Math.log10(min) * parts),
    Math.floor(Math.log10(max) * parts) + 1,
  ];
  return {
    edges: d3.range(first, last + 1).map((power) => 10 ** (power / parts)),
    isLog: true,
  };
}

/** Ticks of a logarithmic axis: 1, 2 and 5 of each decade if they have room. */
function logTicks([from, until], max) {
  const decades = d3.range(
    Math.floor(Math.log10(from)),
    Math.ceil(Math.log10(until)) + 1,
  );
  const digits = decades.length * 3 <= max ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades.length / max));
  return decades.filter((_, i) => i % every === 0)
    .flatMap((power) => digits.map((digit) => digit * 10 ** power))
    .filter((value) => value >= from && value <= until);
}

const integers = (value) => Number.isInteger(value) ? count(value) : "";
