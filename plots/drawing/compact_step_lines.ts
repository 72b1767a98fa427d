import type { RenderFunction } from "@observablehq/plot";
import { clippable, tenth } from "./paths.ts";

const svg = "http://www.w3.org/2000/svg";

/**
 * Draws steps as lines with true corners, one path for each colour, in relative
 * tenths of pixels. Goes into a mark as its `render`; the mark has the channels
 * x1, x2, y and stroke, and its rows come by series and from the left to the
 * right. Where a step does not begin at the end of the last, a line begins.
 */
export function compactStepLines(strokeWidth: number): RenderFunction {
  return clippable(
    (index, _scales, { x1, x2, y, stroke }, _dimensions, { document }) => {
      const group = document.createElementNS(svg, "g");
      if (!x1 || !x2 || !y || !stroke) return group;
      const paths = new Map<string, string>();
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
      group.setAttribute("fill", "none");
      group.setAttribute("stroke-width", String(strokeWidth));
      group.setAttribute("stroke-linejoin", "round");
      for (const [color, d] of paths) {
        const path = document.createElementNS(svg, "path");
        path.setAttribute("stroke", color);
        path.setAttribute("d", d);
        group.appendChild(path);
      }
      return group;
    },
  );
}
