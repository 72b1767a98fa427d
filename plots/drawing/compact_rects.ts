import type { RenderFunction } from "@observablehq/plot";
import { pathGroup, tenth } from "./paths.ts";

/**
 * Draws rectangles as one path for each colour, in place of one element for
 * each rectangle: a raster of thousands of cells stays a few kilobytes. Goes
 * into a mark as its `render`; the mark has the channels x1, x2, y1, y2, fill.
 */
export const compactRects: RenderFunction = (...drawn) => {
  const [index, , { x1, x2, y1, y2, fill }] = drawn;
  const paths = new Map<string, string>();
  if (!x1 || !x2 || !y1 || !y2 || !fill) return pathGroup(drawn, paths);
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
  // Neighbours would else show a seam of the background between them.
  return pathGroup(drawn, paths, { "shape-rendering": "crispEdges" });
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
