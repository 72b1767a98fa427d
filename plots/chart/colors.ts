import type { ChannelValue } from "@observablehq/plot";
import type { LegendEntry } from "../drawing/legend.ts";
import { hash } from "../drawing/style.ts";
import { chroma, contrast, parseColor } from "../drawing/color_math.ts";
import { isOther, otherName, sizeOf } from "../rows/series.ts";
import { wordOf } from "../rows/state_order.ts";
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

/**
 * Legend of names in the colours of a scale. Names for which there were no
 * colours left share the entry of the folded ones, "other (n)".
 */
export function legendOfNames(
  names: Iterable<string>,
  scale: ColorScale | undefined,
  shape: LegendEntry["shape"] = "square",
): LegendEntry[] {
  const entries = Array.from(names, (label): LegendEntry => ({
    label,
    color: scale?.range[scale.domain.indexOf(label)] ?? "currentColor",
    shape,
  }));
  const isGrey = ({ label, color }: LegendEntry) =>
    isOther(label) || color === otherArea || color === otherLine;
  const others = entries.filter(isGrey);
  if (others.length < 2) return entries;
  const count = others.reduce((sum, { label }) => sum + sizeOf(label), 0);
  return [
    ...entries.filter((entry) => !isGrey(entry)),
    { ...others[0]!, label: otherName(count) },
  ];
}

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
 * colour in every chart. Work is saturated, finished work is pale, and failures
 * are warm and strong, so that a few are seen. Each has a contrast of at least 1.5
 * to 1 on white and 2.5 to 1 on black, and those of one chart are apart for
 * colour-blind readers, too. The strong ones are after Okabe and Ito, "Color
 * Universal Design" (2008).
 */
const stateColors: Record<string, string> = {
  // Waiting.
  unsched: "#ebcdae",
  pending: "#a2acbe",
  waiting: "#a2acbe",
  ready: "#a2acbe",
  queued: "#87a1f3",
  launched: "#74cdf2",
  submitted: "#74cdf2",
  // At work, and on the way back from it.
  running: "#0072b2",
  joining: "#a6a14d",
  running_ended: "#a075ab",
  waiting_retrieval: "#a075ab",
  retrieved: "#dabafa",
  // Ended well.
  exec_done: "#a5d6cb",
  done: "#a5d6cb",
  completed: "#a5d6cb",
  memo_done: "#ced88a",
  // Ended badly. Those that never ran are paler.
  fail_retryable: "#e69f00",
  failed: "#d55e00",
  dep_fail: "#c38f79",
  lost: "#b03a55",
  cancelled: "#73787a",
  // Places of a task, and causes of waiting, by their last word.
  dependencies: "#a2acbe",
  dfk: "#74cdf2",
  interchange: "#87a1f3",
  queue: "#87a1f3",
  manager: "#009784",
  worker: "#0072b2",
  returning: "#a075ab",
  again: "#e69f00",
};

/**
 * Colours for everything but states, each clearly unlike the others, also for
 * colour-blind readers. From the schemes "muted", "medium contrast" and "light"
 * of Paul Tol.
 */
export const categoricalColors: readonly string[] = `
  #332288 #eecc66 #117733 #88ccee #882255 #44aa99 #cc6677 #999933 #aa4499
  #6699cc #997700 #ee8866 #004488 #bbcc33`.trim().split(/\s+/);

/**
 * Colours for lines and dots of a few series: each has a contrast of at least
 * 3 to 1 on white, and they differ in lightness. After Okabe and Ito, and Tol.
 */
const lineColors =
  "#0072b2 #d55e00 #117733 #882255 #cc5f9c #332288 #2f8fa8 #a9854f".split(" ");

/**
 * A colour for each series of lines or dots. States and components have their
 * own if it is visible on white; others take colours in order, so that two runs
 * differ most. If there are more names than colours, the last are grey.
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
    .map((color, i, colors) =>
      color && contrastOnWhite(color) >= 2 && colors.indexOf(color) === i
        ? color
        : undefined
    );
  const free = lineColors.filter((color) => !own.includes(color));
  return new Map(
    all.map((name, i) => [name, own[i] ?? free.shift() ?? otherLine]),
  );
}

/**
 * A colour for each name: that of the state, or one computed from the name, so
 * that it is the same in the next chart unless two names of a chart would share
 * it. If there are more names than colours, the others are grey.
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
    ].find((color) => !taken.has(color)) ?? otherArea;
    colors.set(name, color);
    taken.add(color);
  }
  return colors;
}

// Of "other (n)", and of names for which no colour is left.
const otherArea = "#d7dbe0";
// The pale grey of an area would not show.
const otherLine = "#a3abb3";

/** The colour of a state, of a component, or of "other (n)". */
function ownColor(name: string): string | undefined {
  if (isOther(name)) return otherArea;
  const word = wordOf(name).toLowerCase();
  return Object.hasOwn(stateColors, word) ? stateColors[word] : undefined;
}

/** Whether this is the saturated colour of a state, a series or another name. */
export const isColorOfName = (color: string): boolean => saturated.has(color);

const contrastOnWhite = (color: string): number =>
  contrast(parseColor(color)!, parseColor("white")!);

// Plot's, for names: the schemes "observable10" and "tableau10".
const plotColors = `
  #4269d0 #efb118 #ff725c #6cc5b0 #3ca951 #ff8ab7 #a463f2 #97bbf5 #9c6b4e
  #4e79a7 #f28e2c #e15759 #76b7b2 #59a14f #edc949 #af7aa1 #ff9da7 #9c755f`
  .trim().split(/\s+/);

const finishedColors = ["done", "memo_done"].map((state) =>
  stateColors[state]!
);

const saturated = new Set(
  [
    ...Object.values(stateColors),
    ...categoricalColors,
    ...lineColors,
    ...plotColors,
  ].filter((color) => chroma(parseColor(color)!) > 0.05)
    // Finished work is pale, on a dark page too.
    .filter((color) => !finishedColors.includes(color)),
);
