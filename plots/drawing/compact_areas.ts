import type { RenderFunction } from "@observablehq/plot";
import { compact, tenth } from "./compact.ts";

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * Rectangles side by side as one area with true steps, of the channels x1, x2,
 * y1, y2 and fill. Rows come by colour and from left to right.
 */
export const compactSteps: RenderFunction = compact(
  ["x1", "x2", "y1", "y2", "fill"],
  {},
  (index, { x1, x2, y1, y2, fill }, pathOf) => {
    let run: Box[] = [];
    let color = "";
    const close = () => {
      if (run.length) pathOf({ fill: color }).d += outline(run);
      run = [];
    };
    for (const i of index) {
      const step = {
        left: tenth(x1[i]),
        right: tenth(x2[i]),
        top: hundredth(y2[i]),
        bottom: hundredth(y1[i]),
      };
      const last = run.at(-1);
      if (!last || fill[i] !== color || last.right !== step.left) {
        close();
        color = fill[i];
      } else if (last.top === step.top && last.bottom === step.bottom) {
        last.right = step.right;
        continue;
      }
      run.push(step);
    }
    close();
  },
);

/** Along the tops to the right, and along the bottoms back to the left. */
function outline(steps: readonly Box[]): string {
  let y = steps[0]!.bottom;
  let path = `M${steps[0]!.left},${y}`;
  const draw = (to: number, x: number) => {
    path += to === y ? `H${x}` : `V${to}H${x}`;
    y = to;
  };
  for (const { top, right } of steps) draw(top, right);
  for (const { bottom, left } of steps.toReversed()) draw(bottom, left);
  return path + "z";
}

// Areas lie one on the other: tenths would leave seams.
const hundredth = (value: number) => Math.round(value * 100) / 100;

const minCellSize = 2.5;

/**
 * Cells of a raster, of the channels x1, x2, y1, y2 and fill. Neighbours in a
 * column that share a colour become one.
 */
export const compactRects: RenderFunction = compact(
  ["x1", "x2", "y1", "y2", "fill"],
  // Smooth edges would show a seam of the background between neighbours.
  { "shape-rendering": "crispEdges" },
  (index, { x1, x2, y1, y2, fill }, pathOf) => {
    let open: Box & { color: string } | undefined;
    const close = () => {
      if (!open) return;
      const [left, right] = widened(open.left, open.right);
      const [top, bottom] = widened(open.top, open.bottom);
      pathOf({ fill: open.color }).d +=
        `M${left},${top}H${right}V${bottom}H${left}z`;
    };
    for (const i of index) {
      const box = {
        left: tenth(Math.min(x1[i], x2[i])),
        right: tenth(Math.max(x1[i], x2[i])),
        top: tenth(Math.min(y1[i], y2[i])),
        bottom: tenth(Math.max(y1[i], y2[i])),
        color: fill[i] as string,
      };
      const isNext = open?.color === box.color && open.left === box.left &&
        open.right === box.right && open.top === box.bottom;
      if (open && isNext) open.top = box.top;
      else {
        close();
        open = box;
      }
    }
    close();
  },
);

// A single row far from all others must be seen.
function widened(low: number, high: number): [number, number] {
  const missing = Math.max(0, minCellSize - (high - low)) / 2;
  return [tenth(low - missing), tenth(high + missing)];
}
