import type { RenderFunction } from "@observablehq/plot";
import { pathGroup, tenth } from "./paths.ts";

/**
 * Draws rectangles that stand side by side as one area with true steps, one
 * path for each colour. Goes into a mark as its `render`; the mark has the
 * channels x1, x2, y1, y2 and fill, and its rows come by colour and from the
 * left to the right.
 */
export const compactSteps: RenderFunction = (...drawn) => {
  const [index, , { x1, x2, y1, y2, fill }] = drawn;
  const paths = new Map<string, string>();
  if (!x1 || !x2 || !y1 || !y2 || !fill) return pathGroup(drawn, paths);
  let run: Step[] = [];
  let color = "";
  const close = () => {
    if (run.length === 0) return;
    paths.set(color, (paths.get(color) ?? "") + outline(run));
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
  return pathGroup(drawn, paths);
};

interface Step {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Along the tops to the right, and along the bottoms back to the left. */
function outline(steps: readonly Step[]): string {
  let path = `M${steps[0]!.left},${steps[0]!.bottom}`;
  let y = steps[0]!.bottom;
  const draw = (to: number, x: number) => {
    if (to !== y) path += `V${to}`;
    path += `H${x}`;
    y = to;
  };
  for (const { top, right } of steps) draw(top, right);
  for (const { bottom, left } of steps.toReversed()) draw(bottom, left);
  return path + "z";
}

const hundredth = (value: number) => Math.round(value * 100) / 100;
