import type { RenderFunction } from "@observablehq/plot";
import { pathGroup, tenth } from "./paths.ts";

/**
 * Draws lines as steps, each point's height held up to the next point, as one
 * path for each colour, in moves from point to point to a tenth of a pixel.
 * Goes into a mark as its `render`; the mark has the channels x, y, z and
 * stroke, and its rows come series by series.
 */
export const compactStepLines: RenderFunction = (...drawn) => {
  const [index, , { x, y, z, stroke }] = drawn;
  const paths = new Map<string, string>();
  const look = { fill: "none", "stroke-width": "1.5" };
  if (!x || !y) return pathGroup(drawn, paths, look, "stroke");
  let series: unknown;
  let [left, top] = [0, 0];
  let isOpen = false;
  // As moves: what the rounding of one point takes, the next one gives back.
  const move = (letter: string, from: number, to: number) =>
    to === from ? "" : `${letter}${tenth(to - from)}`;
  for (const i of index) {
    const color = stroke ? String(stroke[i]) : "currentColor";
    const [toX, toY] = [tenth(x[i]), tenth(y[i])];
    let path = paths.get(color) ?? "";
    if (!isOpen || z?.[i] !== series) {
      path += `M${toX},${toY}`;
      isOpen = true;
      series = z?.[i];
    } else path += move("h", left, toX) + move("v", top, toY);
    paths.set(color, path);
    [left, top] = [toX, toY];
  }
  return pathGroup(drawn, paths, look, "stroke");
};
