/* global d3, Plot */
import { count } from "../../display/text/plain.js";
import { countBins } from "./bins.js";
import { addBrush, shortCount, show, timeAxis } from "./charts.js";
import { filterLink, swatch } from "./controls.js";
import { element, fill } from "./elements.js";
import { inWindow } from "./selection.js";

const stateColors = {
  "not launched": "#b9bdc6",
  "waiting for a worker": "#a5c3f7",
  "on a worker": "#2f6fe0",
  "joined by Parsl, or no worker known": "#c3a5e8",
};

/** How many tasks were in each state over time, and how attempts ended. */
export function drawStates({ box, plot, below }, view) {
  const { stream, state, now, time, span, chosen, width } = view;
  const { attempts, lanes, tasks, taskOf, length } = stream;
  const isKnown = stream.noun === "attempt";
  const bins = Math.max(20, Math.round(width / 4));
  const names = Object.keys(stateColors);
  const counts = names.map(() => countBins(span[0], span[1], bins));
  for (let i = 0; i < length; i++) {
    if (chosen.chosen[i] === 0) continue;
    const offset = time.offsets[lanes[attempts.lane[i]].runIndex];
    const start = attempts.start[i] - offset;
    const isOfWorker = attempts.ran[i] === 1;
    if (
      (!isOfWorker || !isKnown) && Number.isNaN(tasks.firstLaunch[taskOf[i]])
    ) {
      continue;
    }
    if (attempts.waited[i] > 0) {
      counts[1].add(start - attempts.waited[i], start);
    }
    counts[isOfWorker && isKnown ? 2 : 3].add(start, attempts.end[i] - offset);
  }
  const isChosen = stream.tasksOf(chosen.chosen);
  for (let i = 0; i < tasks.length; i++) {
    if (!isChosen[i]) continue;
    const offset = time.offsets[tasks.run[i]];
    const { last } = stream.runs[tasks.run[i]];
    const until = [tasks.firstLaunch[i], tasks.ended[i], last]
      .find((time) => !Number.isNaN(time));
    counts[0].add(tasks.submitted[i] - offset, until - offset);
  }
  const step = (span[1] - span[0]) / bins;
  const means = counts.map((one) => one.means());
  const occurring = names.filter((_, i) => means[i].some((value) => value > 0));
  const rows = occurring.flatMap((name) =>
    Array.from(means[names.indexOf(name)], (value, bin) => ({
      state: name,
      place: span[0] + (bin + 0.5) * step,
      value,
    }))
  );
  box.dataset.peak = d3.max(means[2]);
  const chart = Plot.plot({
    ...timeAxis(view),
    color: { domain: names, range: Object.values(stateColors) },
    y: { label: "tasks", grid: true, tickFormat: shortCount },
    marks: [
      Plot.areaY(rows, {
        x: "place",
        y: "value",
        fill: "state",
        order: occurring.toReversed(),
        curve: "step",
      }),
      Plot.ruleY([0]),
    ],
  });
  show(plot, chart);
  addBrush(chart, view);
  fill(below, [
    ...occurring.map((name) =>
      element("span", {}, swatch(stateColors[name]), name)
    ),
    ...outcomeLinks(view, state, now),
  ]);
}

/** How the attempts in view ended: each a filter. */
function outcomeLinks(view, state, now) {
  const { stream, chosen } = view;
  const { attempts, length, text } = stream;
  const isInView = inWindow(stream, view.time, view.span);
  const counts = new Map();
  for (let i = 0; i < length; i++) {
    if (chosen.chosen[i] === 0 || attempts.ran[i] === 0 || !isInView(i)) {
      continue;
    }
    const outcome = text(attempts.outcome[i]);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return Array.from(counts, ([outcome, number]) => {
    const link = filterLink(state, now, { outcome }, [
      `${count(number)} ${outcome}`,
    ]);
    link.dataset.outcome = outcome;
    return link;
  });
}
