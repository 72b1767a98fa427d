// Narrower bars, and lower cells, are hard to tell apart and to point at.
const minBinPixels = 7;

/**
 * How many bins suit an axis of so many pixels with so many rows. They are as
 * wide as Freedman and Diaconis advise, if the quantiles of the values are known
 * as places along the axis, from 0 to 1; but neither so many that they are a
 * comb of single rows, nor so few that several peaks become one.
 */
export function fittingBins(
  rows: number,
  pixels: number,
  { percentile5, percentile25, percentile75, percentile95 } = evenQuantiles,
): number {
  const advised = Math.cbrt(rows) / (2 * (percentile75 - percentile25));
  // Few outliers must not make the bins of all others wide.
  const most = 2 * Math.sqrt(rows) / (percentile95 - percentile5);
  const bins = Math.max(0.7 * most, Math.min(most, advised)) || 0;
  return Math.ceil(Math.max(6, Math.min(bins, pixels / minBinPixels)));
}

const evenQuantiles = {
  percentile5: 0,
  percentile25: 0.5,
  percentile75: 0.5,
  percentile95: 1,
};
