import { plural } from "../../display/text/plain.js";
import { drawDurations } from "./durations.js";
import { element } from "./elements.js";
import { drawSeries } from "./series.js";
import { drawStates } from "./states.js";
import { timeline } from "./timeline.js";

/**
 * Views of what is selected and in the window: how long attempts took, states
 * over time, queues and metrics. A bar, an outcome or a range that is chosen in
 * one of them filters all.
 */
export function initLinked(container, data, state) {
  const { stream, selection } = data.attempts;
  if (stream.lanes.length === 0) return;
  const durations = viewOf("durations", `How long ${plural(stream.noun)} took`);
  const states = viewOf("states", "Tasks in each state");
  const series = viewOf("series", "Queues and metrics");
  const choice = element("select", { id: "metric" });
  choice.setAttribute("aria-label", "Queue or metric");
  choice.addEventListener("change", () => state.set({ metric: choice.value }));
  series.head.append(choice);
  container.append(durations.box, states.box, series.box);

  function draw() {
    const now = state.get();
    const time = timeline(stream, now);
    const view = {
      stream,
      state,
      now,
      time,
      span: time.windowOf(now),
      chosen: selection.of(now),
      width: Math.max(220, durations.plot.clientWidth),
    };
    drawDurations(durations, view);
    drawStates(states, view);
    drawSeries(series, view, choice);
  }
  let isAsked = false;
  const later = () => {
    if (isAsked) return;
    isAsked = true;
    // After the stream, which follows the pointer.
    setTimeout(() => {
      isAsked = false;
      draw();
    });
  };
  state.subscribe(later);
  new ResizeObserver(later).observe(container);
  draw();
}

function viewOf(id, title) {
  const head = element(
    "div",
    { className: "view-head" },
    element("h2", {}, title),
  );
  const plot = element("div", { className: "plot" });
  const below = element("div", { className: "legend" });
  const box = element("section", { id, className: "view" }, head, plot, below);
  return { box, head, plot, below };
}
