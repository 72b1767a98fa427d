import type { RenderFunction } from "@observablehq/plot";
import { tenth } from "./paths.ts";

const svg = "http://www.w3.org/2000/svg";

/**
 * Draws straight lines as one path for each colour and width. Goes into a mark
 * as its `render`; the mark has the channels x1, y1, x2, y2, stroke, opacity and
 * strokeWidth.
 */
export const compactLinks: RenderFunction = (
  index,
  _scales,
  { x1, y1, x2, y2, stroke, opacity, strokeWidth },
  _dimensions,
  { document },
) => {
  const group = document.createElementNS(svg, "g");
  group.setAttribute("fill", "none");
  group.setAttribute("stroke-linecap", "round");
  if (!x1 || !x2 || !y1 || !y2 || !stroke) return group;
  const paths = new Map<string, string[]>();
  for (const i of index) {
    const key = `${stroke[i]}|${strokeWidth?.[i] ?? 1}|${opacity?.[i] ?? 1}`;
    const path = paths.get(key) ?? [];
    if (path.length === 0) paths.set(key, path);
    const [x, y] = [tenth(x1[i]), tenth(y1[i])];
    path.push(`M${x},${y}l${tenth(x2[i] - x)},${tenth(y2[i] - y)}`);
  }
  for (const [key, d] of paths) {
    const [color, width, opacity] = key.split("|");
    const path = document.createElementNS(svg, "path");
    path.setAttribute("stroke", color!);
    path.setAttribute("stroke-width", width!);
    if (opacity !== "1") path.setAttribute("stroke-opacity", opacity!);
    path.setAttribute("d", d.join(""));
    group.appendChild(path);
  }
  return group;
};
