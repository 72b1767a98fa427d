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

/**
 * What a mark's `render` gives, cut off at the frame where the mark is: Plot
 * clips what it draws by itself alone. So it draws nothing, into a group that is
 * cut off, and that holds the rest.
 */
export function clippable(render: RenderFunction): RenderFunction {
  return function (this: unknown, ...[index, ...others]) {
    const drawn = render.call(this as never, index, ...others);
    const mark = this as { clip?: unknown } | undefined;
    const next = others.at(-1);
    if (!drawn || !mark?.clip || typeof next !== "function") return drawn;
    const [scales, values, dimensions, context] = others;
    const nothing = index.slice(0, 0);
    const group = next(nothing, scales, values, dimensions, context);
    (group?.firstChild ?? group)?.appendChild(drawn);
    return group ?? drawn;
  };
}

/** To a tenth of a pixel. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;
