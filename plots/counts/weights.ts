import type { OptionNames } from "../../display/text/mistakes.ts";
import type { Axis, AxisOptions } from "../axes/axis.ts";
import { countAxis, formatMetric, metricAxis } from "../axes/number_axes.ts";
import { type Measure, measureOf } from "../axes/measure.ts";
import { formatMean, formatNumber } from "../axes/units.ts";
import { named, notes } from "../chart/captions.ts";
import type { Channel } from "../rows/channels.ts";

/** Columns with the weights of spans. */
export interface WeightChannels {
  /**
   * The number that a span counts as, such as its cores; a span without one
   * counts as 0. The axis has the name of its column. By default each span
   * counts as 1.
   */
  weight?: Channel | undefined;
  /**
   * Unit of the weights: "bytes" and "s" are scaled to a readable multiple, any
   * other text is written as it is. By default the unit in the name of their
   * column: `memory_mb`, `input_bytes`, `cpu_seconds`.
   */
  unit?: string | undefined;
}

export const weightChannelNames: OptionNames<WeightChannels> = {
  weight: true,
  unit: true,
};

/** The quantity and unit of the weights; undefined if spans are counted. */
export function measureOfWeights(
  { weight, unit: given }: WeightChannels,
  column = "weight",
): Measure | undefined {
  if (weight === undefined) return undefined;
  const { name, unit } = measureOf(column, given);
  return { name: named(name), unit };
}

/** Weights in a count of spans over time. */
export interface WeightedCounts {
  /** The quantity and unit of the weights; undefined if spans are counted. */
  measure: Measure | undefined;
  /** Number of spans without a weight, which count as 0. */
  unweighted: number;
}

/** The axis of a count of spans or of a sum of weights, from 0. */
export function sumAxis(
  max: number,
  measure: Measure | undefined,
  { pixels, label = "spans" }: AxisOptions,
): Axis {
  if (!measure) return countAxis(max, { pixels, label });
  const { name, unit } = measure;
  return metricAxis([0, max], unit, { pixels, label: `${name} of ${label}` });
}

/** A sum for reading: "12 cores", "1.2 GB of memory". */
export function formatSum(sum: number, measure: Measure | undefined): string {
  if (!measure) return formatNumber(sum);
  const { name, unit } = measure;
  return unit === undefined
    ? `${formatMean(sum)} ${name}`
    : `${formatMetric(sum, unit)} of ${name}`;
}

/** A value for a tip. */
export const formatWeight = (
  value: number,
  measure: Measure | undefined,
): string => formatMetric(value, measure?.unit);

/** The beginning of a question: "How much memory", "How many cores". */
export const howMuch = ({ name, unit }: Measure): string =>
  `How ${unit === undefined ? "many" : "much"} ${name}`;

/** Sentence about spans without a weight, if there are any. */
export const withoutWeight = (unweighted: number, noun: string): string[] =>
  notes([unweighted, noun, "without a weight counted as 0"]);
