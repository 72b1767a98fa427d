import { formatMetric } from "../axes/metric_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { MetricPoints } from "./metric_points.ts";
import { counted, rowsWithoutTime } from "../chart/words.ts";

/** The numbers below a chart of metrics, and what of the rows is not in it. */
export function metricCaption(
  points: MetricPoints,
  upright: readonly [number, number],
  { unit, gap, isRaster, mark = "dots" }: {
    unit?: string | undefined;
    gap?: number | undefined;
    isRaster: boolean;
    mark?: string | undefined;
  },
): string {
  const { length, series, folded, withoutTime, withoutValue } = points;
  if (length + withoutTime + withoutValue === 0) return "No rows.";
  const text = (value: number) => formatMetric(value, unit);
  const parts: string[] = [];
  const known = series.filter(({ count }) => count > 0);
  const many = known.length + (folded ? folded - 1 : 0);
  if (length) {
    const mean = known.reduce(
      (sum, { mean, count }) => sum + mean * (count / length),
      0,
    );
    const least = Math.min(...known.map(({ minimum }) => minimum));
    const most = Math.max(...known.map(({ maximum }) => maximum));
    parts.push(
      `${counted(length, "value")}${
        many > 1 ? ` of ${many.toLocaleString("en-US")} series` : ""
      }: mean ${text(mean)}, least ${text(least)}, greatest ${text(most)}.`,
    );
  } else parts.push("No rows with a time and a number.");
  if (upright[0] > 0) parts.push("The upright axis does not start at 0.");
  if (isRaster) {
    parts.push(
      "A cell is drawn where there are values" +
        (known.length > 1
          ? ", in the colour of most of them."
          : ", the darker the more there are."),
    );
  }
  if (mark !== "dots" && gap !== undefined) {
    parts.push(
      `Lines are interrupted where nothing was reported for more than ${
        formatDuration(gap)
      }.`,
    );
  }
  if (mark !== "dots" && folded) parts.push("The other series are dots.");
  if (withoutValue) {
    parts.push(`${counted(withoutValue, "row")} without a number left out.`);
  }
  return [...parts, ...rowsWithoutTime(withoutTime)].join(" ");
}
