import type { RenderFunction } from "@observablehq/plot";

// Renderers for marks of thousands of shapes. Each draws one path per colour, in
// tenths of a pixel, so that a chart stays a few kilobytes however many rows it
// has. They go into a mark as its `render`.

const svg = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number>;

/** Channels of a mark in pixels, or in colours, by name. */
type Values = Parameters<RenderFunction>[2];

type SVGElement = NonNullable<ReturnType<RenderFunction>>;

/**
 * Makes a renderer of a function that draws the rows of `index` into paths, one
 * for each set of attributes that it asks for. Without all of the channels it
 * draws nothing.
 */
export function compact(
  channels: readonly string[],
  attributes: Attributes,
  draw: (
    index: number[],
    values: Required<Values>,
    pathOf: (attributes: Attributes) => Path,
  ) => void,
): RenderFunction {
  return (index, scales, values, dimensions, context, next) => {
    const { document } = context;
    // The group that the mark makes of no rows: clipped, if the mark is.
    const group = next?.([], scales, values, dimensions, context) ??
      document.createElementNS(svg, "g");
    setAttributes(group, attributes);
    if (channels.some((name) => !values[name])) return group;
    const paths = new Map<string, Path>();
    draw(index, values as Required<Values>, (attributes) => {
      const key = Object.values(attributes).join("|");
      let path = paths.get(key);
      if (!path) paths.set(key, path = new Path(attributes));
      return path;
    });
    for (const { attributes, d } of paths.values()) {
      const path = document.createElementNS(svg, "path");
      setAttributes(path, { ...attributes, d });
      group.appendChild(path);
    }
    return group;
  };
}

function setAttributes(element: SVGElement, attributes: Attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
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
    ["x", "y", "stroke"],
    { ...lineAttributes, "stroke-width": strokeWidth },
    (index, { x, y, z, stroke }, pathOf) => {
      const isSame = (i: number, j: number | undefined) =>
        j !== undefined && stroke[i] === stroke[j] && z?.[i] === z?.[j];
      index.forEach((i, k) => {
        const isFirst = !isSame(i, index[k - 1]);
        if (isFirst && !isSame(i, index[k + 1])) {
          // The round ends of a line of no length make it a dot.
          const dots = pathOf({
            stroke: stroke[i],
            "stroke-width": 4,
            "stroke-linecap": "round",
          });
          dots.move(x[i], y[i]);
          dots.d += "h0";
          return;
        }
        const path = pathOf({ stroke: stroke[i] });
        if (isFirst) return path.move(x[i], y[i]);
        if (joining === "steps") path.line(x[i], path.y);
        path.line(x[i], y[i]);
      });
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
    ["x1", "x2", "y", "stroke"],
    { ...lineAttributes, "stroke-width": strokeWidth },
    (index, { x1, x2, y, stroke }, pathOf) => {
      let color: string | undefined;
      for (const i of index) {
        const path = pathOf({ stroke: stroke[i] });
        if (stroke[i] !== color || path.x !== tenth(x1[i])) {
          path.move(x1[i], y[i]);
          color = stroke[i];
        } else path.line(x1[i], y[i]);
        path.line(x2[i], y[i]);
      }
    },
  );
}

/**
 * Straight lines of the channels x1, y1, x2, y2, stroke, opacity and
 * strokeWidth.
 */
export const compactLinks: RenderFunction = compact(
  ["x1", "x2", "y1", "y2", "stroke"],
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
 * Horizontal bars, a stroke each, of the channels x1, x2, y1, y2 and fill. None
 * is too thin to be seen.
 */
export const compactBars: RenderFunction = compact(
  ["x1", "x2", "y1", "y2", "fill"],
  { fill: "none", "shape-rendering": "crispEdges" },
  (index, { x1, x2, y1, y2, fill }, pathOf) => {
    for (const i of index) {
      const [left, right] = [Math.min(x1[i], x2[i]), Math.max(x1[i], x2[i])];
      const [inset, thickness] = insetOf(Math.abs(y2[i] - y1[i]));
      const path = pathOf({ stroke: fill[i], "stroke-width": thickness });
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
