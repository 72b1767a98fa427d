import { chartOptionNames } from "../chart/chart_options.ts";
import type { ChartOptions, Panel } from "../chart/plot_types.ts";

// `facet` and `legend` mean another thing to Plot.
const {
  title: _title,
  subtitle: _subtitle,
  caption: _caption,
  legend: _legend,
  facet: _facet,
  panels: _panels,
  fontSize: _fontSize,
  ...plotNames
} = chartOptionNames;

/**
 * Lays the user's options of Plot over a helper's own. Options of a scale are
 * merged one by one; the user's marks come on top.
 */
export function mergeOptions(
  own: Panel,
  options: Omit<ChartOptions, "facet">,
): Panel {
  const isObject = (value: unknown) => typeof value === "object";
  const user = Object.entries(options)
    .filter(([name, value]) =>
      value !== undefined && Object.hasOwn(plotNames, name)
    )
    .map(([name, value]) => {
      const helpers = own[name as keyof Panel];
      return [
        name,
        isObject(helpers) && isObject(value)
          ? { ...helpers as object, ...value as object }
          : value,
      ];
    });
  return {
    ...own,
    ...Object.fromEntries(user),
    // Laid out from these options already.
    width: own.width,
    height: own.height,
    marks: [...own.marks ?? [], ...options.marks ?? []],
  };
}

/** The domain of numbers that the user asks for, if any. */
export function givenDomain(
  scale: { domain?: unknown } | null | undefined,
): [number, number] | undefined {
  const domain = scale?.domain;
  if (!Array.isArray(domain) || domain.length !== 2) return undefined;
  const [low, high] = domain.map(Number) as [number, number];
  return low < high ? [low, high] : undefined;
}
