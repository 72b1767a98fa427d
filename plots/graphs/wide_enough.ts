import { type Chart, defaultWidth } from "../chart/chart.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import { panelsWidth } from "../drawing/figure.ts";

/**
 * A chart as wide as the user asks for, or as its graph needs: `draw` says that
 * too. Text that is made smaller to fit could not be read.
 */
export function wideEnough<Options extends HelperOptions>(
  options: Options,
  draw: (options: Options & { width: number }) => [Chart, needed: number],
): Chart {
  const width = options.width ?? defaultWidth;
  const [chart, needed] = draw({ ...options, width });
  const missing = Math.ceil(needed - panelsWidth(width));
  return missing > 0 ? draw({ ...options, width: width + missing })[0] : chart;
}
