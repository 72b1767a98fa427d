/* global d3, Plot */
import { count, plural } from "../../display/text/plain.js";
import { binCounts } from "./bins.js";
import { addBrush, shortCount, show, timeAxis } from "./charts.js";
import { filterLink, swatch } from "./controls.js";
import { element, fill } from "./elements.js";
import { inWindow } from "./selection.js";
import { stateColors, visitNotLaunched, visitStates } from "./task_states.js";

/**
 * How many tasks were in each state over time, and how attempts ended. A click
 * on a state selects those that were in it.
 */
export function drawStates({ box, plot, below }, view) {
  const { stream, state, now, time, span, chosen, width } = view;
  const { attempts, lanes, tasks, length } = stream;
  const bins = Math.max(20, Math.round(width / 4));
  const names = Object.keys(stateColors);
  const counts = new Map(
    names.map((name) => [name, binCounts(span[0], span[1], bins)]),
  );
  const addTo = (run) => (name, from, until) =>
    counts.get(name).add(from - time.offsets[run], until - time.offsets[run]);
  for (let i = 0; i < length; i++) {
    if (chosen.chosen[i] === 0) continue;
    visitStates(stream, i, addTo(lanes[attempts.lane[i]].runIndex));
  }
  const isChosen = stream.tasksOf(chosen.chosen);
  for (let i = 0; i < tasks.length; i++) {
    if (isChosen[i]) visitNotLaunched(stream, i, addTo(tasks.run[i]));
  }
  const step = (span[1] - span[0]) / bins;
  const means = names.map((name) => counts.get(name).means());
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
    y: { label: "tasks", grid: true, nice: true, tickFormat: shortCount },
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
  addBrush(chart, view, ([x, y]) => {
    const bin = Math.floor((chart.scale("x").invert(x) - span[0]) / step);
    let rest = chart.scale("y").invert(y);
    const name = occurring.toReversed().find((name) =>
      (rest -= means[names.indexOf(name)][bin]) < 0
    );
    if (name) state.set({ state: now.state === name ? null : name });
  });
  fill(
    below,
    [
      ...occurring.map((name) =>
        filterLink(state, now, { state: name }, [
          swatch(stateColors[name]),
          name,
        ])
      ),
      outcomeLinks(view, state, now),
    ].flat(),
  );
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
  const links = Array.from(counts, ([outcome, number]) => {
    const link = filterLink(state, now, { outcome }, [
      `${count(number)} ${outcome}`,
    ]);
    link.dataset.outcome = outcome;
    return link;
  });
  return links.length === 0 ? [] : [
    element("span", { className: "note" }, `${plural(stream.noun)}:`),
    links,
  ];
}
