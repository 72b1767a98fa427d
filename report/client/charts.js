/* global d3 */
import { ticksIn } from "./axis.js";
import { element, fill } from "./elements.js";

/** Shows a chart; its style would violate the policy of the page, which has it. */
export function show(plot, chart) {
  chart.querySelector("style").remove();
  fill(plot, [chart]);
}

export const nothing = (text) => element("p", {}, text);

export const shortCount = (value) =>
  value >= 10000 ? d3.format("~s")(value) : d3.format(",~r")(value);

export function timeAxis({ span, time, width }) {
  const ticks = ticksIn(time, span, width / 80);
  return {
    width,
    height: 160,
    marginLeft: 46,
    marginRight: 14,
    className: "plot-svg",
    x: {
      domain: span,
      label: "since start",
      ticks: ticks.places,
      tickFormat: ticks.since,
    },
  };
}

/**
 * Lets one drag over a chart to choose a range of time.
 *
 * @param onClick gets the place of a click, in pixels
 */
export function addBrush(chart, { state, time, span, width }, onClick) {
  const svg = d3.select(chart);
  const x = d3.scaleLinear(span, [46, width - 14]);
  const group = svg.append("g").attr("class", "brush");
  const brush = d3.brushX().extent([[46, 10], [width - 14, 130]])
    .on("end", ({ selection, sourceEvent }) => {
      if (!sourceEvent) return;
      if (!selection) {
        onClick?.(d3.pointer(sourceEvent, chart));
        return;
      }
      group.call(brush.move, null);
      state.set(time.stateOf(selection.map(x.invert)));
    });
  group.call(brush);
  if (onClick) {
    group.select(".overlay").append("title").text(
      "Click: only tasks in this state. Drag: only this range of time",
    );
  }
}
