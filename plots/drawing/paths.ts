import type { RenderFunction } from "@observablehq/plot";

const svg = "http://www.w3.org/2000/svg";

/**
 * What a mark's `render` gives: a group of paths, one for each colour, whatever
 * number of shapes they are made of, so that thousands stay a few kilobytes. It
 * is the group that the mark itself makes of nothing, which is cut at the frame
 * if the mark is.
 */
export function pathGroup(
  [, scales, values, dimensions, context, next]: Parameters<RenderFunction>,
  paths: ReadonlyMap<string, string>,
  attributes: Record<string, string> = {},
  paint: "fill" | "stroke" = "fill",
): ReturnType<RenderFunction> {
  const { document } = context;
  const group = next?.([], scales, values, dimensions, context) ??
    document.createElementNS(svg, "g");
  for (const [name, value] of Object.entries(attributes)) {
    group.setAttribute(name, value);
  }
  for (const [color, d] of paths) {
    const path = document.createElementNS(svg, "path");
    path.setAttribute(paint, color);
    path.setAttribute("d", d);
    group.appendChild(path);
  }
  return group;
}

/** To a tenth of a pixel. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;
