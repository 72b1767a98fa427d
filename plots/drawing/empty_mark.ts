import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import { style } from "./style.ts";

/** What stands in a chart of rows that have no time. */
export const noRows = "No rows with a time";

/** What a chart of no rows shows in place of its marks. */
export function emptyMark(text: string): Markish {
  return Plot.text([text], {
    frameAnchor: "middle",
    fontSize: style.subtitleSize,
    fill: style.mutedInk,
  });
}
