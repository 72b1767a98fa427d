import type { RenderFunction } from "@observablehq/plot";
import { pathGroup, tenth } from "./paths.ts";

/**
 * Draws steps as lines with true corners, one path for each colour, in relative
 * tenths of pixels. Goes into a mark as its `render`; the mark has the channels
 * x1, x2, y and stroke, and its rows come by series and from the left to the
 * right. Where a step does not begin at the end of the last, a line begins.
 */
export function compactStepLines(strokeWidth: number): RenderFunction {
  return (...drawn) => {
    const [index, , { x1, x2, y, stroke }] = drawn;
    const paths = new Map<string, string>();
    const look = {
      fill: "none",
      "stroke-width": String(strokeWidth),
      "stroke-linejoin": "round",
    };
    if (!x1 || !x2 || !y || !stroke) {
      return pathGroup(drawn, paths, look, "stroke");
    }
    let color: string | undefined;
    let [endX, endY] = [NaN, NaN];
    let path = "";
    const close = () => {
      if (color !== undefined) {
        paths.set(color, (paths.get(color) ?? "") + path);
      }
      path = "";
    };
    for (const i of index) {
      const [left, right, height] = [tenth(x1[i]), tenth(x2[i]), tenth(y[i])];
      if (stroke[i] !== color || left !== endX) {
        close();
        color = stroke[i] as string;
        path = `M${left},${height}`;
      } else if (height !== endY) path += `v${tenth(height - endY)}`;
      if (right !== left) path += `h${tenth(right - left)}`;
      [endX, endY] = [right, height];
    }
    close();
    return pathGroup(drawn, paths, look, "stroke");
  };
}
