import type { RenderFunction } from "@observablehq/plot";
import { pathGroup, tenth } from "./paths.ts";

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
  return (...drawn) => {
    const [index, , { x, y, stroke }] = drawn;
    const { document } = drawn[4];
    const round = { "stroke-linejoin": "round", "stroke-linecap": "round" };
    const look = { fill: "none", "stroke-width": "1.5", ...round };
    if (!x || !y || !stroke) {
      return pathGroup(drawn, new Map(), look, "stroke");
    }
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
    const lines = new Map(
      [...paths].map(([color, parts]) => [color, parts.join("")]),
    );
    const group = pathGroup(drawn, lines, look, "stroke");
    for (const [color, d] of alone) {
      const path = document.createElementNS(svg, "path");
      path.setAttribute("stroke", color);
      path.setAttribute("stroke-width", "4");
      path.setAttribute("d", d);
      group?.appendChild(path);
    }
    return group;
  };
}
