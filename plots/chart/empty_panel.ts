import type { Panel } from "./plot_types.ts";
import { emptyMark, noRows } from "../drawing/empty_mark.ts";

/** What stands in place of plots of which there are none. */
export const emptyPanel = ({ width }: { width: number }): Panel => ({
  ...{ width, height: 120 },
  axis: null,
  marks: [emptyMark(noRows)],
});
