import type { RenderFunction } from "@observablehq/plot";

// Renderers for marks of thousands of shapes. Each draws one path per colour, in
// tenths of a pixel, so that a chart stays a few kilobytes however many rows it
// has. They go into a mark as its `render`.

type Attributes = Record<string, string | number>;

/** Channels of a mark in pixels, or in colours, by name. */
type Values = Required<Parameters<RenderFunction>[2]>;

/**
 * Makes a renderer of a function that draws the rows of `index` into paths, one
 * for each set of attributes that it asks for.
 */
function compact(
  attributes: Attributes,
  draw: (
    index: number[],
    values: Values,
    pathOf: (attributes: Attributes) => Path,
  ) => void,
): RenderFunction {
  return (index, scales, values, dimensions, context, next) => {
    // The group that the mark makes of no rows: clipped, if the mark is.
    const group = next!([], scales, values, dimensions, context)!;
    const set = (element: typeof group, attributes: Attributes) =>
      Object.entries(attributes).forEach(([name, value]) =>
        element.setAttribute(name, String(value))
      );
    set(group, attributes);
    const paths = new Map<string, Path>();
    draw(index, values as Values, (attributes) =>
      paths.getOrInsertComputed(
        Object.values(attributes).join("|"),
        () => new Path(attributes),
      ));
    for (const { attributes, d } of paths.values()) {
      const path = context.document.createElementNS(group.namespaceURI, "path");
      set(path as typeof group, { ...attributes, d });
      group.appendChild(path);
    }
    return group;
  };
}

/** Splits `index` into runs of rows that each continue the previous one. */
function splitIntoRuns(
  index: readonly number[],
  goesOn: (i: number, before: number) => boolean,
): number[][] {
  const runs: number[][] = [];
  index.forEach((i, k) => {
    if (k > 0 && goesOn(i, index[k - 1]!)) runs.at(-1)!.push(i);
    else runs.push([i]);
  });
  return runs;
}

/**
 * The text of a path. Moves are relative, which is shorter, and start from the
 * rounded place, so that roundings do not add up.
 */
class Path {
  d = "";
  x = 0;
  y = 0;

  constructor(readonly attributes: Attributes) {}

  move(x: number, y: number) {
    this.d += this.d === ""
      ? `M${tenth(x)},${tenth(y)}`
      : `m${tenth(tenth(x) - this.x)},${tenth(tenth(y) - this.y)}`
        .replace(",-", "-");
    [this.x, this.y] = [tenth(x), tenth(y)];
  }

  line(x: number, y: number) {
    const [dx, dy] = [tenth(tenth(x) - this.x), tenth(tenth(y) - this.y)];
    if (dx && dy) this.d += `l${dx},${dy}`;
    else if (dx) this.d += `h${dx}`;
    else if (dy) this.d += `v${dy}`;
    [this.x, this.y] = [tenth(x), tenth(y)];
  }
}

/** To a tenth of a pixel. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/**
 * Lines through points, of the channels x, y and stroke: straight, or as steps
 * that hold each height until the next point. Rows come line by line; where the
 * channel z changes, a line begins. A line of one point is a dot.
 */
export function compactLines(
  { joining = "steps", strokeWidth = 1.5 }: {
    joining?: "line" | "steps";
    strokeWidth?: number;
  } = {},
): RenderFunction {
  return compact(
    { ...lineAttributes, "stroke-width": strokeWidth },
    (index, { x, y, z, stroke }, pathOf) => {
      const isSame = (i: number, before: number) =>
        stroke[i] === stroke[before] && z?.[i] === z?.[before];
      for (const [first, ...others] of splitIntoRuns(index, isSame)) {
        const i = first!;
        if (others.length === 0) {
          // The round ends of a line of no length make it a dot.
          const dots = pathOf({
            stroke: stroke[i],
            "stroke-width": 4,
            "stroke-linecap": "round",
          });
          dots.move(x[i], y[i]);
          dots.d += "h0";
          continue;
        }
        const path = pathOf({ stroke: stroke[i] });
        path.move(x[i], y[i]);
        for (const i of others) {
          if (joining === "steps") path.line(x[i], path.y);
          path.line(x[i], y[i]);
        }
      }
    },
  );
}

const lineAttributes = { fill: "none", "stroke-linejoin": "round" };

/**
 * Steps as lines with true corners, of the channels x1, x2, y and stroke. Rows
 * come by series and from left to right; a line begins where a step does not
 * start at the end of the last one.
 */
export function compactStepLines(strokeWidth: number): RenderFunction {
  return compact(
    { ...lineAttributes, "stroke-width": strokeWidth },
    (index, { x1, x2, y, stroke }, pathOf) => {
      const isNext = (i: number, before: number) =>
        stroke[i] === stroke[before] && tenth(x1[i]) === tenth(x2[before]);
      for (const run of splitIntoRuns(index, isNext)) {
        const path = pathOf({ stroke: stroke[run[0]!] });
        path.move(x1[run[0]!], y[run[0]!]);
        for (const i of run) {
          path.line(x1[i], y[i]);
          path.line(x2[i], y[i]);
        }
      }
    },
  );
}

/**
 * Straight lines of the channels x1, y1, x2, y2, stroke, opacity and
 * strokeWidth.
 */
export const compactLinks: RenderFunction = compact(
  { fill: "none", "stroke-linecap": "round" },
  (index, { x1, y1, x2, y2, stroke, opacity, strokeWidth }, pathOf) => {
    for (const i of index) {
      const alpha = opacity?.[i] ?? 1;
      const path = pathOf({
        stroke: stroke[i],
        "stroke-width": strokeWidth?.[i] ?? 1,
        ...(alpha === 1 ? {} : { "stroke-opacity": alpha }),
      });
      path.move(x1[i], y1[i]);
      path.line(x2[i], y2[i]);
    }
  },
);

const minBarWidth = 1.2;

/**
 * Horizontal bars, a stroke each, of the channels x1, x2, y1, y2, fill and
 * fillOpacity. None is too thin to be seen.
 */
export const compactBars: RenderFunction = compact(
  { fill: "none", "shape-rendering": "crispEdges" },
  (index, { x1, x2, y1, y2, fill, fillOpacity }, pathOf) => {
    for (const i of index) {
      const alpha = fillOpacity?.[i] ?? 1;
      const [left, right] = [Math.min(x1[i], x2[i]), Math.max(x1[i], x2[i])];
      const [inset, thickness] = insetOf(Math.abs(y2[i] - y1[i]));
      const path = pathOf({
        stroke: fill[i],
        "stroke-width": thickness,
        ...(alpha === 1 ? {} : { "stroke-opacity": alpha }),
      });
      path.move(left, Math.min(y1[i], y2[i]) + inset + thickness / 2);
      path.line(Math.max(tenth(left) + minBarWidth, right), path.y);
    }
  },
);

// Where there is room, a gap parts one bar from the next; elsewhere they
// overlap a little, so that rounding leaves no seam.
function insetOf(height: number): [inset: number, thickness: number] {
  const inset = height >= 12 ? 1.5 : height >= 5 ? 0.5 : 0;
  const overlap = inset === 0 ? 0.3 : 0;
  return [
    inset - overlap / 2,
    Math.max(1, tenth(height - 2 * inset + overlap)),
  ];
}

/**
 * Rectangles side by side as one area with true steps, of the channels x1, x2,
 * y1, y2 and fill. Rows come by colour and from left to right.
 */
export const compactSteps: RenderFunction = compact(
  {},
  (index, { x1, x2, y1, y2, fill }, pathOf) => {
    const isNext = (i: number, before: number) =>
      fill[i] === fill[before] && tenth(x1[i]) === tenth(x2[before]);
    for (const run of splitIntoRuns(index, isNext)) {
      const isSame = (i: number, before: number) =>
        hundredth(y1[i]) === hundredth(y1[before]) &&
        hundredth(y2[i]) === hundredth(y2[before]);
      const steps = splitIntoRuns(run, isSame);
      const path = pathOf({ fill: fill[run[0]!] });
      let y = hundredth(y1[run[0]!]);
      path.d += `M${tenth(x1[run[0]!])},${y}`;
      const draw = (to: number, x: number) => {
        path.d += to === y ? `H${x}` : `V${to}H${x}`;
        y = to;
      };
      // Along the tops to the right, and along the bottoms back to the left.
      for (const step of steps) {
        draw(hundredth(y2[step[0]!]), tenth(x2[step.at(-1)!]));
      }
      for (const [i] of steps.toReversed()) {
        draw(hundredth(y1[i!]), tenth(x1[i!]));
      }
      path.d += "z";
    }
  },
);

// Areas lie one on the other: tenths would leave seams.
const hundredth = (value: number) => Math.round(value * 100) / 100;

const minCellSize = 2.5;

/**
 * Cells of a raster, of the channels x1, x2, y1, y2 and fill. Neighbours in a
 * column that share a colour become one.
 */
export const compactRects: RenderFunction = compact(
  // Smooth edges would show a seam of the background between neighbours.
  { "shape-rendering": "crispEdges" },
  (index, { x1, x2, y1, y2, fill }, pathOf) => {
    const xOf = (i: number) => inOrder(x1[i], x2[i]);
    const yOf = (i: number) => inOrder(y1[i], y2[i]);
    const isNext = (i: number, before: number) =>
      fill[i] === fill[before] && yOf(i)[1] === yOf(before)[0] &&
      xOf(i)[0] === xOf(before)[0] && xOf(i)[1] === xOf(before)[1];
    for (const run of splitIntoRuns(index, isNext)) {
      const [first, last] = [run[0]!, run.at(-1)!];
      const [left, right] = widened(...xOf(first));
      const [top, bottom] = widened(yOf(last)[0], yOf(first)[1]);
      pathOf({ fill: fill[first] }).d +=
        `M${left},${top}H${right}V${bottom}H${left}z`;
    }
  },
);

const inOrder = (a: number, b: number): [number, number] => [
  tenth(Math.min(a, b)),
  tenth(Math.max(a, b)),
];

// A single row far from all others must be seen.
function widened(low: number, high: number): [number, number] {
  const missing = Math.max(0, minCellSize - (high - low)) / 2;
  return [tenth(low - missing), tenth(high + missing)];
}
