import type { ChannelValue } from "@observablehq/plot";
import type { LegendEntry } from "../drawing/legend.ts";
import { colorsFor } from "./palette.ts";
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

/** Legend of names in the colours of a scale. */
export function legendOfNames(
  names: Iterable<string>,
  scale: ScaleOptions | undefined,
  shape: LegendEntry["shape"] = "square",
): LegendEntry[] {
  const domain = [...scale?.domain as Iterable<string> ?? []];
  const range = [...scale?.range as Iterable<string> ?? []];
  const colors = new Map(domain.map((name, i) => [name, range[i]!]));
  return [...names].map((label) => ({
    label,
    color: colors.get(label) ?? "currentColor",
    shape,
  }));
}

/**
 * Names as a mark's colours, always through the colour scale. Plot alone takes
 * names that are all colours as they are: an app called "red", or one called
 * "url(…)", which asks a server.
 */
export const scaledNames = (
  value: ChannelValue,
): { value: ChannelValue; scale: "color" } => ({ value, scale: "color" });
