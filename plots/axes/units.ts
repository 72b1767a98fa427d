/**
 * Units of time, each with the greatest number of seconds that is read well in
 * it, and its powers of ten that may be ticks.
 */
export const units = [
  { name: "µs", seconds: 1e-6, upTo: 1e-3, powers: [-9, 2] },
  { name: "ms", seconds: 1e-3, upTo: 1, powers: [0, 2] },
  { name: "s", seconds: 1, upTo: 600, powers: [0, 1] },
  { name: "min", seconds: 60, upTo: 36_000, powers: [0, 1] },
  { name: "h", seconds: 3600, upTo: 345_600, powers: [0, 1] },
  { name: "days", seconds: 86_400, upTo: Infinity, powers: [0, 12] },
] as const;

/** The most readable unit for durations up to this many seconds. */
export function unitFor(seconds: number): (typeof units)[number] {
  const size = Math.abs(seconds);
  if (size === 0 || Number.isNaN(size)) return units[2];
  return units.find(({ upTo }) => size < upTo) ?? units[5];
}

/** A duration for reading, to four digits: 0.0123 is "12.3 ms". */
export function formatDuration(seconds: number): string {
  if (Number.isNaN(seconds)) return "unknown";
  const unit = unitFor(seconds);
  return `${formatNumber(seconds / unit.seconds)} ${unit.name}`;
}

// Making one takes a hundred times longer than its use, and a chart has thousands
// of numbers in its tips.
const [fewDigits, wholeNumber] = [4, 15].map((maximumSignificantDigits) =>
  new Intl.NumberFormat("en-US", {
    maximumSignificantDigits,
    maximumFractionDigits: maximumSignificantDigits === 4 ? 6 : 0,
    roundingPriority: "lessPrecision",
  })
) as [Intl.NumberFormat, Intl.NumberFormat];

/** A number for reading: four digits, thousands apart, a true minus sign. */
export function formatNumber(value: number): string {
  const format = Math.abs(value) >= 1000 ? wholeNumber : fewDigits;
  return format.format(value).replace(/^-/, "\u2212");
}

/** A mean for reading: four digits, or whole where it has more of them. */
export function formatMean(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-6)) {
    return value.toExponential(2).replace("e+", "e").replace(/-/g, "\u2212");
  }
  return formatNumber(
    size >= 1000 ? Math.round(value) : Number(value.toPrecision(4)),
  );
}

/** A share in percent; 0.2% becomes "<1%" and 99.8% ">99%". */
export function formatShare(share: number, unit = "%"): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return `<1${unit}`;
  if (rounded === 100 && share < 1) return `>99${unit}`;
  return `${rounded}${unit}`;
}
