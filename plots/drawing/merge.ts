import type { Panel } from "../chart/plot_types.ts";
import type { ChartOptions } from "../chart/chart.ts";

const scales = [
  "x",
  "y",
  "color",
  "opacity",
  "r",
  "symbol",
  "fx",
  "fy",
  "style",
] as const;

// The words of the whole chart, and what helpers call by a name of Plot's.
const notPlots = new Set(["title", "subtitle", "caption", "legend", "facet"]);

/**
 * A user's options of Plot laid over a helper's own: a scale's options are
 * merged one by one, marks come on top of the helper's.
 */
export function mergeOptions(
  own: Panel,
  options: Omit<ChartOptions, "facet">,
): Panel {
  const user = Object.entries(options)
    .filter(([name, value]) => value !== undefined && !notPlots.has(name));
  const merged: Panel = {
    ...own,
    ...Object.fromEntries(user),
    // Laid out already, from the same option.
    ...{ width: own.width, height: own.height },
    marks: [...own.marks ?? [], ...options.marks ?? []],
  };
  for (const name of scales) {
    if (typeof own[name] === "object" && typeof options[name] === "object") {
      Object.assign(merged, { [name]: { ...own[name], ...options[name] } });
    }
  }
  return merged;
}

/** The domain of numbers that a user asks for, if any. */
export function givenDomain(
  scale: { domain?: unknown } | null | undefined,
): [number, number] | undefined {
  const domain = scale?.domain;
  if (!Array.isArray(domain) || domain.length !== 2) return undefined;
  const [low, high] = domain.map(Number) as [number, number];
  return low < high ? [low, high] : undefined;
}
