import type { RenderFunction } from "@observablehq/plot";
import { clippable, tenth } from "./paths.ts";

const svg = "http://www.w3.org/2000/svg";

/** How points of a line are joined: straight, or each value until the next. */
export type Joining = "line" | "steps";

/**
 * Draws points as lines, one path for each colour, in relative tenths of pixels.
 * Goes into a mark as its `render`; the mark has the channels x, y and stroke,
 * its rows come by series and from the left to the right, and `begins` says of
 * each whether a line begins there.
 */
export function compactLinesByColor(
  joining: Joining,
  begins: readonly boolean[],
): RenderFunction {
  return clippable(
    (index, _scales, { x, y, stroke }, _dimensions, { document }) => {
      const group = document.createElementNS(svg, "g");
      if (!x || !y || !stroke) return group;
      const paths = new Map<string, string[]>();
      const alone = new Map<string, string>();
      let [lastX, lastY] = [0, 0];
      index.forEach((i, k) => {
        const color = stroke[i] as string;
        const [left, top] = [tenth(x[i]), tenth(y[i])];
        if (!paths.has(color)) paths.set(color, []);
        const path = paths.get(color)!;
        if (begins[i]) {
          const next = index[k + 1];
          const isAlone = next === undefined || begins[next];
          if (!isAlone) path.push(`M${left},${top}`);
          // A line of no length: its round ends make it a dot.
          else alone.set(color, `${alone.get(color) ?? ""}M${left},${top}h0`);
        } else {
          const [dx, dy] = [tenth(left - lastX), tenth(top - lastY)];
          if (joining === "steps") {
            path.push((dx ? `h${dx}` : "") + (dy ? `v${dy}` : ""));
          } else if (dx || dy) path.push(`l${dx},${dy}`);
        }
        [lastX, lastY] = [left, top];
      });
      group.setAttribute("fill", "none");
      group.setAttribute("stroke-linejoin", "round");
      group.setAttribute("stroke-linecap", "round");
      const draw = (color: string, d: string, width: number) => {
        const path = document.createElementNS(svg, "path");
        path.setAttribute("stroke", color);
        path.setAttribute("stroke-width", String(width));
        path.setAttribute("d", d);
        group.appendChild(path);
      };
      for (const [color, parts] of paths) draw(color, parts.join(""), 1.5);
      for (const [color, d] of alone) draw(color, d, 4);
      return group;
    },
  );
}
