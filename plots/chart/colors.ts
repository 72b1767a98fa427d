import type { ChannelValue } from "@observablehq/plot";
import type { LegendEntry } from "../drawing/legend.ts";
import { hash } from "../drawing/style.ts";
import { chroma, contrast, parseColor } from "../drawing/color_math.ts";
import { isOther } from "../rows/series.ts";
import type { ScaleOptions } from "./plot_types.ts";

/** A colour scale with a colour per name. */
export interface ColorScale extends ScaleOptions {
  domain: string[];
  range: string[];
}

/**
 * Colour scale of names: each has its own colour, or the one in the user's
 * `color: { domain, range }`.
 */
export function colorScale(
  names: Iterable<string>,
  { color }: { color?: ScaleOptions | undefined },
  colors: Map<string, string> = colorsFor(names),
): ColorScale {
  const domain = [...new Set(names)];
  if (Array.isArray(color?.domain) && Array.isArray(color.range)) {
    const range = color.range as string[];
    color.domain.forEach((name, i) => {
      if (range[i]) colors.set(String(name), range[i]);
    });
  }
  return {
    ...color,
    type: "ordinal",
    domain,
    range: domain.map((name) => colors.get(name)!),
  };
}

/** Colours of lines for the series of all facets, if they have any. */
export function seriesScale(
  facets: readonly { series: readonly string[] | undefined }[],
  options: { color?: ScaleOptions | undefined },
): ColorScale | undefined {
  const names = new Set(facets.flatMap(({ series }) => series ?? []));
  return names.size
    ? colorScale(names, options, lineColorsFor(names))
    : undefined;
}

/** Legend of names in the colours of a scale. */
export const legendOfNames = (
  names: Iterable<string>,
  scale: ColorScale | undefined,
  shape: LegendEntry["shape"] = "square",
): LegendEntry[] =>
  Array.from(names, (label) => ({
    label,
    color: scale?.range[scale.domain.indexOf(label)] ?? "currentColor",
    shape,
  }));

/**
 * Names as a mark's colours, always through the colour scale. Plot alone takes
 * names that are all colours as they are: an app called "red", or one called
 * "url(…)", which asks a server.
 */
export const scaledNames = (
  value: ChannelValue,
): { value: ChannelValue; scale: "color" } => ({ value, scale: "color" });

/**
 * Colours of states, by the names that workflow systems use. A state has the same
 * colour in every chart. Blues and greens, oranges and reds differ in lightness
 * too, for colour-blind readers. After Okabe and Ito, "Color Universal Design" (2008).
 */
const stateColors: Record<string, string> = {
  unsched: "#f0eee0",
  pending: "#c3c9d1",
  waiting: "#c3c9d1",
  queued: "#8fa6ea",
  launched: "#8cc3ec",
  submitted: "#8cc3ec",
  running: "#0072b2",
  running_ended: "#cc79a7",
  waiting_retrieval: "#cc79a7",
  retrieved: "#9b6fd0",
  joining: "#f0e442",
  exec_done: "#009e73",
  done: "#009e73",
  completed: "#009e73",
  memo_done: "#5fd98a",
  fail_retryable: "#e69f00",
  failed: "#d55e00",
  dep_fail: "#8a3a00",
  lost: "#5c1a00",
  cancelled: "#4c5157",
  // Components that have a task, and causes of waiting, by their last word.
  dependencies: "#c3c9d1",
  dfk: "#e3c35a",
  returning: "#d94f9a",
  again: "#e69f00",
  interchange: "#9d8ec7",
  manager: "#2f8291",
  worker: "#123c73",
};

/**
 * Colours for everything but states. After the schemes "muted", "medium
 * contrast" and "light" of Paul Tol, which suit colour-blind readers.
 */
export const categoricalColors: readonly string[] = `
  #332288 #ddcc77 #117733 #88ccee #882255 #44aa99 #cc6677 #999933 #aa4499
  #6699cc #997700 #ee99aa #004488 #bbcc33 #994455 #77aadd #eecc66 #44bb99
  #ee8866 #aaaa00`.trim().split(/\s+/);

/**
 * Colours for lines and dots of a few series: each has a contrast of at least
 * 3 to 1 on white, and they differ in lightness. After Okabe and Ito, and Tol.
 */
const lineColors =
  "#0072b2 #d55e00 #117733 #882255 #cc5f9c #332288 #2f8fa8 #7a7a7a".split(" ");

/**
 * A colour for each series of lines or dots. States and components have their
 * own if it is visible on white; others take colours in order, so that two runs
 * differ most.
 *
 * @example
 * ```ts
 * import { lineColorsFor } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const colors = lineColorsFor(["run 1", "run 2"]);
 * assert.equal(colors.get("run 2"), "#d55e00");
 * ```
 */
export function lineColorsFor(names: Iterable<string>): Map<string, string> {
  const all = [...new Set(names)];
  const own = all.map((name) => isOther(name) ? otherLine : ownColor(name))
    .map((color) => color && contrastOnWhite(color) >= 2 ? color : undefined);
  const free = lineColors.filter((color) => !own.includes(color));
  let next = 0;
  return new Map(
    all.map((name, i) => [name, own[i] ?? free[next++ % free.length]!]),
  );
}

/**
 * A colour for each name: that of the state, or one computed from the name, so
 * that it is the same in the next chart unless two names of a chart would share
 * it.
 *
 * @example
 * ```ts
 * import { colorsFor } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const colors = colorsFor(["running", "stage_in"]);
 * assert.equal(colors.get("running"), "#0072b2");
 * ```
 */
export function colorsFor(names: Iterable<string>): Map<string, string> {
  const colors = new Map<string, string>();
  const unknown: string[] = [];
  const taken = new Set<string>();
  for (const name of new Set(names)) {
    const own = ownColor(name);
    // Two names may end in one word: task.running and node.running.
    if (own && !taken.has(own)) colors.set(name, own);
    else unknown.push(name);
    if (own) taken.add(own);
  }
  // Sorted, so that the same names have the same colours in every chart.
  for (const name of unknown.sort()) {
    const first = hash(name) % categoricalColors.length;
    const color = [
      ...categoricalColors.slice(first),
      ...categoricalColors.slice(0, first),
    ].find((color) => !taken.has(color)) ?? categoricalColors[first]!;
    colors.set(name, color);
    taken.add(color);
  }
  return colors;
}

// For lines, where the pale grey of an area would not show.
const otherLine = "#7d858e";

/** The colour of a state, of a component, or of "other (n)". */
function ownColor(name: string): string | undefined {
  if (isOther(name)) return "#d7dbe0";
  const last = name.toLowerCase().split(/[ ./:]/).at(-1)!;
  return Object.hasOwn(stateColors, last) ? stateColors[last] : undefined;
}

/** Whether this is the saturated colour of a state, a series or another name. */
export const isColorOfName = (color: string): boolean => saturated.has(color);

const contrastOnWhite = (color: string): number =>
  contrast(parseColor(color)!, parseColor("white")!);

const saturated = new Set(
  [...Object.values(stateColors), ...categoricalColors, ...lineColors]
    .filter((color) => chroma(parseColor(color)!) > 0.05),
);
