import type { RenderFunction } from "@observablehq/plot";
import { tenth } from "./paths.ts";

const svg = "http://www.w3.org/2000/svg";

/**
 * Draws horizontal bars as one path for each colour and thickness, a stroke for
 * each bar: ten thousand of them are about 130 kB. None is thinner than can be
 * seen. Goes into a mark as its `render`; the mark has the channels x1, x2, y1,
 * y2, fill.
 */
export const compactBars: RenderFunction = (
  index,
  _scales,
  { x1, x2, y1, y2, fill },
  _dimensions,
  { document },
) => {
  const group = document.createElementNS(svg, "g");
  group.setAttribute("shape-rendering", "crispEdges");
  group.setAttribute("fill", "none");
  if (!x1 || !x2 || !y1 || !y2 || !fill) return group;
  const paths = new Map<string, Path>();
  for (const i of index) {
    const left = Math.min(x1[i], x2[i]);
    const right = Math.max(x1[i], x2[i]);
    const top = Math.min(y1[i], y2[i]);
    const [inset, thickness] = insetOf(Math.abs(y2[i] - y1[i]));
    const key = `${fill[i]} ${thickness}`;
    let path = paths.get(key);
    if (!path) {
      path = { color: fill[i], thickness, d: "", x: 0, y: 0 };
      paths.set(key, path);
    }
    const from = tenth(left);
    const length = Math.max(leastWidth, tenth(tenth(right) - from));
    const y = tenth(top + inset + thickness / 2);
    // Steps are shorter to write than places; a minus sign parts them too.
    const step = `${tenth(from - path.x)},${tenth(y - path.y)}`
      .replace(",-", "-");
    path.d += path.d === "" ? `M${from},${y}h${length}` : `m${step}h${length}`;
    path.x = tenth(from + length);
    path.y = y;
  }
  for (const { color, thickness, d } of paths.values()) {
    const path = document.createElementNS(svg, "path");
    path.setAttribute("stroke", color);
    path.setAttribute("stroke-width", String(thickness));
    path.setAttribute("d", d);
    group.appendChild(path);
  }
  return group;
};

const leastWidth = 1.2;

// Where there is room, a gap parts one line from the next.
function insetOf(height: number): [inset: number, thickness: number] {
  const inset = height >= 12 ? 1.5 : height >= 5 ? 0.5 : 0;
  // Without a gap, lines go a little below one another: rounding leaves no seam.
  const overlap = inset === 0 ? 0.3 : 0;
  return [
    inset - overlap / 2,
    Math.max(1, tenth(height - 2 * inset + overlap)),
  ];
}

interface Path {
  color: string;
  thickness: number;
  d: string;
  x: number;
  y: number;
}
