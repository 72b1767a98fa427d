/* global d3, Plot */
import { addBrush, nothing, shortCount, show, timeAxis } from "./charts.js";
import { otherColor } from "./colors.js";
import { swatch } from "./controls.js";
import { element, fill } from "./elements.js";
import { isOfSeries } from "./selection.js";

/** The lengths of queues, or a metric, over time. */
export function drawSeries({ box, plot, below }, view, choice) {
  const { stream, now, time, span } = view;
  const kinds = [...new Set(stream.series.map(kindOf))];
  box.hidden = kinds.length === 0;
  if (box.hidden) return;
  const kind = kinds.includes(now.metric) ? now.metric : kinds[0];
  fill(choice, kinds.map((value) => element("option", { value }, value)));
  choice.value = kind;
  const runIndex = new Map(stream.runs.map(({ run }, i) => [run, i]));
  const shown = stream.series.filter((one) =>
    kindOf(one) === kind && time.isShown[runIndex.get(one.run)] &&
    isOfSeries(now, one)
  );
  const isManyRuns = new Set(shown.map(({ run }) => run)).size > 1;
  const isManyExecutors =
    new Set(shown.map(({ executor }) => executor)).size > 1;
  const lines = shown.map((one) => ({
    ...one,
    label: [
      one.kind === "queue" ? one.name : undefined,
      one.executor !== one.run && (isManyExecutors || one.kind !== "queue")
        ? one.executor
        : undefined,
      isManyRuns ? `run ${one.run}` : undefined,
    ].filter((part) => part).join(", "),
    offset: time.offsets[runIndex.get(one.run)],
  }));
  box.dataset.series = lines.length;
  const rows = lines.flatMap((one) => pointsOf(one, span));
  if (rows.length === 0) {
    fill(plot, [nothing("Nothing of that in view.")]);
    fill(below, []);
    return;
  }
  const names = lines.map(({ label }) => label);
  const range = lines.map((_, i) => d3.schemeObservable10[i] ?? otherColor);
  const chart = Plot.plot({
    ...timeAxis(view),
    color: { domain: names, range },
    y: {
      label: kind === queues ? "tasks" : null,
      grid: true,
      zero: true,
      nice: true,
      tickFormat: shortCount,
    },
    marks: [
      Plot.lineY(rows, {
        x: "place",
        y: "value",
        z: "line",
        stroke: "label",
        curve: kind === queues ? "step-after" : "linear",
        strokeWidth: 1.5,
        clip: true,
      }),
      Plot.ruleY([0]),
    ],
  });
  show(plot, chart);
  addBrush(chart, view);
  fill(
    below,
    [
      ...names.slice(0, maxNames).map((name, i) =>
        element("span", {}, swatch(range[i]), name)
      ),
      names.length > maxNames
        ? element(
          "span",
          {},
          swatch(otherColor),
          `${names.length - maxNames} others`,
        )
        : undefined,
    ],
  );
}

const queues = "queue lengths";
const maxNames = 10;
const kindOf = ({ kind, name }) =>
  kind === "queue" ? queues : `${kind}: ${name}`.replaceAll("_", " ");

/** The points of a line in the window, and one to each side. */
function pointsOf(
  { times, values, offset, label, run, executor, name },
  [from, until],
) {
  const first = Math.max(0, d3.bisectRight(times, from + offset) - 1);
  const last = Math.min(times.length, d3.bisectLeft(times, until + offset) + 1);
  const line = `${run} ${executor} ${name}`;
  return d3.range(first, last).map((i) => ({
    place: times[i] - offset,
    value: values[i],
    label,
    line,
  }));
}
