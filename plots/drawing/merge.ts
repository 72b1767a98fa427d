import type { PlotOptions } from "../plot_types.ts";
import type { ChartOptions } from "../chart.ts";
import { style } from "./style.ts";
import { textWidth } from "./text.ts";

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

/**
 * A user's options of Plot laid over a helper's own: a scale's options are
 * merged one by one, marks come on top of the helper's.
 */
export function mergeOptions(
  own: PlotOptions,
  { title: _, subtitle: __, caption: ___, legend: ____, ...user }: ChartOptions,
): PlotOptions {
  const given = Object.entries(user).filter(([, value]) => value !== undefined);
  const merged: PlotOptions = {
    ...own,
    ...Object.fromEntries(given),
    marks: [...own.marks ?? [], ...user.marks ?? []],
  };
  for (const name of scales) {
    if (typeof own[name] === "object" && typeof user[name] === "object") {
      Object.assign(merged, { [name]: { ...own[name], ...user[name] } });
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

/** Room on the left for the labels of an axis. */
export function marginFor(labels: readonly string[]): number {
  const widest = Math.max(
    0,
    ...labels.map((label) => textWidth(label, style.textSize)),
  );
  return Math.max(40, Math.ceil(widest) + 22);
}
