import type { RenderFunction } from "@observablehq/plot";

const svg = "http://www.w3.org/2000/svg";

/**
 * What a mark's `render` gives: a group of paths, one for each colour, whatever
 * number of shapes they are made of, so that thousands stay a few kilobytes.
 */
export function pathGroup(
  { document }: Parameters<RenderFunction>[4],
  paths: ReadonlyMap<string, string>,
  attributes: Record<string, string> = {},
): ReturnType<RenderFunction> {
  const group = document.createElementNS(svg, "g");
  for (const [name, value] of Object.entries(attributes)) {
    group.setAttribute(name, value);
  }
  for (const [color, d] of paths) {
    const path = document.createElementNS(svg, "path");
    path.setAttribute("fill", color);
    path.setAttribute("d", d);
    group.appendChild(path);
  }
  return group;
}

/** To a tenth of a pixel. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;
