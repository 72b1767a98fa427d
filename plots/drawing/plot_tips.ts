// Plot shows a tip when the pointer moves over its drawing, which has no pointer
// here: the tips of all points are collected while Plot draws, for the script of
// our pages.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max } from "d3-array";
import { style, textWidth } from "./style.ts";

/** A tip of Plot's, in pixels of the plot. */
export interface PlotTip {
  x: number;
  /** Undefined if it answers to the pointer at any height. */
  y: number | undefined;
  text: string;
}

type Plot = typeof import("@observablehq/plot");

/** The part of an element that is used here. */
interface TipNode {
  localName?: string;
  textContent: string | null;
  childNodes: ArrayLike<TipNode>;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  getBBox?(): { x: number; width: number; height: number };
}

type Index = number[] & { fx?: unknown; fy?: unknown; fi?: number };

interface Context {
  document: unknown;
  ownerSVGElement: object;
  getMarkState(mark: object): { facets: Index[]; channels: unknown };
}

type Place = (value: unknown) => number;

type Render = (
  this: TipMark,
  index: Index,
  scales: { fx?: Place; fy?: Place },
  values: object,
  dimensions: { marginLeft: number; marginTop: number },
  context: Context,
) => TipNode;

interface TipMark {
  data: unknown;
  filter(index: Index, channels: unknown, values: object): Index;
}

/** Of more points, the first have tips. */
const maxTips = 5000;

const tipsOf = new WeakMap<object, PlotTip[]>();

/** The tips that Plot would show over this `<svg>` element of it. */
export const plotTips = (svg: object): readonly PlotTip[] =>
  tipsOf.get(svg) ?? [];

const collecting = new WeakSet<object>();

/**
 * Makes the marks of Plot collect their tips where they are drawn in `document`.
 * Elsewhere they are drawn as ever.
 */
export function collectTips({ Tip, Mark }: Plot, document: unknown): void {
  if (collecting.has(Tip)) return;
  collecting.add(Tip);
  // Only the mark that a tip is of knows how it answers to the pointer; both
  // have the same data.
  const kinds = new WeakMap<object, unknown>();
  const mark = Mark.prototype as unknown as {
    initialize(this: { tip: unknown; data: unknown }, ...args: unknown[]): void;
  };
  const { initialize } = mark;
  mark.initialize = function (...args) {
    if (this.tip && typeof this.data === "object" && this.data !== null) {
      kinds.set(
        this.data,
        typeof this.tip === "object"
          ? (this.tip as { pointer?: unknown }).pointer
          : this.tip,
      );
    }
    return initialize.apply(this, args);
  };
  const tip = Tip.prototype as unknown as { render: Render };
  const { render } = tip;
  tip.render = function (index, scales, values, dimensions, context) {
    const draw = (index: Index) =>
      render.call(this, index, scales, values, dimensions, context);
    if (context.document !== document) return draw(index);
    // A tip that is always shown; one under the pointer begins without points.
    if (index.length > 0) return laidOut(() => draw(index));
    const { facets, channels } = context.getMarkState(this);
    const all = facets[index.fi ?? 0] ?? [];
    const { fx, fy, fi } = index;
    const some = Object.assign(
      this.filter(all, channels, values).slice(0, maxTips),
      { fx, fy, fi },
    );
    const left = scales.fx ? scales.fx(fx) - dimensions.marginLeft : 0;
    const top = scales.fy ? scales.fy(fy) - dimensions.marginTop : 0;
    const isByX = typeof this.data === "object" && this.data !== null &&
      kinds.get(this.data) === "x";
    const drawn = draw(some);
    const [dx, dy] = translation(drawn);
    const tips = tipsOf.get(context.ownerSVGElement) ?? [];
    tipsOf.set(context.ownerSVGElement, tips);
    for (const each of Array.from(drawn.childNodes)) {
      const [x, y] = translation(each);
      tips.push({
        x: x + dx + left,
        y: isByX ? undefined : y + dy + top,
        text: linesOf(each).join("\n"),
      });
    }
    return draw(index);
  };
}

function translation(node: TipNode): [number, number] {
  const [, x = 0, y = 0] = /translate\(([-\d.]+)(?:,([-\d.]+))?\)/.exec(
    node.getAttribute("transform") ?? "",
  ) ??
    [];
  return [Number(x), Number(y)];
}

const textOf = (tip: TipNode) =>
  Array.from(tip.childNodes).find(({ localName }) => localName === "text");

const linesOf = (tip: TipNode): string[] =>
  Array.from(textOf(tip)?.childNodes ?? [], (line) => {
    const parts = Array.from(line.childNodes);
    // A text that is cut has the whole in a title.
    const whole = parts.find(({ localName }) => localName === "title");
    const shown = parts.filter((part) => part !== whole)
      .map(({ textContent }) => textContent).join("");
    return (whole ? `${shown.replace(/…$/, "")}${whole.textContent}` : shown)
      .replace(/[\u200b■]/g, "").trim();
  });

/** Lays out tips that Plot would measure in a browser. */
function laidOut(draw: () => TipNode): TipNode {
  const before = Object.getOwnPropertyDescriptor(
    globalThis,
    "requestAnimationFrame",
  );
  const later: (() => void)[] = [];
  Object.defineProperty(globalThis, "requestAnimationFrame", {
    value: (run: () => void) => later.push(run),
    configurable: true,
  });
  try {
    const drawn = draw();
    for (const tip of Array.from(drawn.childNodes)) {
      const lines = linesOf(tip);
      tip.getBBox = () => ({
        x: 0,
        width: max(lines, (line) => textWidth(line, style.textSize)) ?? 0,
        height: lines.length * style.textSize,
      });
    }
    for (const run of later) run();
    return drawn;
  } finally {
    if (before) {
      Object.defineProperty(globalThis, "requestAnimationFrame", before);
    } else Reflect.deleteProperty(globalThis, "requestAnimationFrame");
  }
}
