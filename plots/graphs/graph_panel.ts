import type { HelperOptions } from "../chart/chart_kind.ts";
import type { Panel } from "../chart/plot_types.ts";
import { emptyMark } from "../drawing/empty_mark.ts";
import { mergeOptions } from "../drawing/merge.ts";
import type { PlacedGraph } from "./graph.ts";
import { graphMarks } from "./graph_marks.ts";

const room = 6;

/** The plot of a graph, in the middle of `width` pixels. It has no axes. */
export function graphPanel(
  placed: PlacedGraph,
  { width, ...options }: HelperOptions & { width: number },
  empty: string,
): Panel {
  // Room to what is above and below.
  const height = Math.max(placed.height, 60) + 2 * room;
  const left = Math.max(0, Math.round((width - placed.width) / 2));
  return mergeOptions({
    width,
    height,
    ...{ marginLeft: 0, marginRight: 0, marginTop: 0, marginBottom: 0 },
    x: { domain: [-left, width - left], axis: null },
    y: { domain: [height - room, -room], axis: null },
    marks: placed.nodes.length ? graphMarks(placed) : [emptyMark(empty)],
    tips: () =>
      placed.nodes.filter(({ tip }) => tip)
        .map(({ x, y, width, tip }) => ({
          ...{ x: x - width / 2, x2: x + width / 2, y, text: tip! },
        })),
  }, options);
}
