import type { RenderFunction } from "@observablehq/plot";

/**
 * Draws rectangles as one path for each colour, in place of one element for
 * each rectangle: a raster of thousands of cells stays a few kilobytes. Goes
 * into a mark as its `render`; the mark has the channels x1, x2, y1, y2, fill.
 */
export const compactRects: RenderFunction = (
  index,
  _scales,
  { x1, x2, y1, y2, fill },
  _dimensions,
  { document },
) => {
  const group = document.createElementNS(svg, "g");
  // Neighbours would else show a seam of the background between them.
  group.setAttribute("shape-rendering", "crispEdges");
  if (!x1 || !x2 || !y1 || !y2 || !fill) return group;
  const paths = new Map<string, string>();
  let open: Box | undefined;
  const close = () => {
    if (!open) return;
    const { color } = open;
    const [left, right] = atLeast(2.5, open.left, open.right);
    const [top, bottom] = atLeast(2.5, open.top, open.bottom);
    const path = `M${left},${top}H${right}V${bottom}H${left}z`;
    paths.set(color, (paths.get(color) ?? "") + path);
  };
  for (const i of index) {
    const box = {
      left: tenth(Math.min(x1[i], x2[i])),
      right: tenth(Math.max(x1[i], x2[i])),
      top: tenth(Math.min(y1[i], y2[i])),
      bottom: tenth(Math.max(y1[i], y2[i])),
      color: fill[i] as string,
    };
    if (open && isBelow(open, box)) open.top = box.top;
    else {
      close();
      open = box;
    }
  }
  close();
  for (const [color, d] of paths) {
    const path = document.createElementNS(svg, "path");
    path.setAttribute("fill", color);
    path.setAttribute("d", d);
    group.appendChild(path);
  }
  return group;
};

// A single row far from all others must be seen.
function atLeast(size: number, low: number, high: number): [number, number] {
  const missing = Math.max(0, size - (high - low)) / 2;
  return [tenth(low - missing), tenth(high + missing)];
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
  color: string;
}

// Cells that lie one on the other in the same colour become one.
const isBelow = (a: Box, b: Box) =>
  a.left === b.left && a.right === b.right && a.top === b.bottom &&
  a.color === b.color;

const svg = "http://www.w3.org/2000/svg";

const tenth = (value: number) => Math.round(value * 10) / 10;
