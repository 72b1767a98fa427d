import { jupyterOrNothing, showAs } from "../../display/notebook/jupyter.ts";
import { drawPlot } from "../drawing/figure.ts";
import type { PlotElement } from "../drawing/panel.ts";
import { type PlotDocument, plotDocument } from "../drawing/plot_document.ts";
import { collectTips } from "../drawing/plot_tips.ts";
import { bundleOf, inPage } from "./chart.ts";

/**
 * Lets `Plot.plot(...)` of Observable Plot end a cell of a notebook, as it stands
 * in Plot's own examples: without a `document`, Plot looks for that of a window.
 * It alone finds one, because programs take a window for a browser.
 */
export function showPlots(): void {
  if (jupyterOrNothing() === undefined || "window" in globalThis) return;
  Object.defineProperty(globalThis, "window", {
    get() {
      const [, , caller] = new Error().stack?.split("\n") ?? [];
      return caller?.includes("/@observablehq/plot/")
        ? plotWindow()
        : undefined;
    },
    // For programs that make one.
    set(value) {
      Object.defineProperty(globalThis, "window", { value, writable: true });
    },
    configurable: true,
    enumerable: false,
  });
}

let window: { document: PlotDocument; devicePixelRatio: number } | undefined;

function plotWindow() {
  if (window) return window;
  const document = plotDocument();
  const [create, createNS] = [document.createElement, document.createElementNS];
  document.createElement = (name) => shown(create(name) as PlotElement);
  document.createElementNS = (space, name) => {
    const element = createNS(space, name);
    return name === "svg"
      ? shown(element as unknown as PlotElement) as unknown as typeof element
      : element;
  };
  // Plot asks for a window first while it loads.
  import("@observablehq/plot").then((Plot) => collectTips(Plot, document));
  return window = { document, devicePixelRatio: 2 };
}

/** Defines how a plot, or a legend, shows in a cell. */
const shown = (element: PlotElement): PlotElement =>
  showAs(element, () => {
    const drawn = drawPlot(element);
    return bundleOf(drawn.title ?? "plot", [inPage(drawn)]);
  });
