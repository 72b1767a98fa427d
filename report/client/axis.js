/* global d3 */

/** Round places for ticks between two times: seconds, minutes, hours, days. */
export function ticksOf([from, until], max) {
  const step = steps.find((step) => (until - from) / step <= max) ??
    86400 * Math.ceil((until - from) / 86400 / max);
  return { step, first: Math.ceil(from / step) * step };
}

const steps = [
  ...[-6, -5, -4, -3, -2, -1].flatMap((power) =>
    [1, 2, 5].map((digit) => digit * 10 ** power)
  ),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800],
];

/** Seconds since a start, in the units of a step: "12.5 s", "3:05 min". */
export function sinceText(seconds, step) {
  const sign = seconds < 0 ? "-" : "";
  const size = Math.abs(seconds);
  const decimals = step >= 1 ? 0 : Math.ceil(-Math.log10(step) - 1e-9);
  if (size < 60) return `${sign}${size.toFixed(decimals)} s`;
  const whole = Number(size.toFixed(decimals));
  const pad = (value, digits = 0) =>
    value.toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole % 3600 / 60);
  const rest = pad(whole % 60, decimals);
  if (hours === 0) return `${sign}${minutes}:${rest} min`;
  const days = Math.floor(hours / 24);
  const clock = `${days > 0 ? pad(hours % 24) : hours}:${pad(minutes)}` +
    (step < 60 ? `:${rest}` : "");
  return days > 0 ? `${sign}${days} d ${clock} h` : `${sign}${clock} h`;
}

/** The time of day in UTC, with its date if the step is long. */
export function clockText(unix, step) {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toISOString();
  if (step >= 86400) return text.slice(0, 10);
  if (step >= 60) return text.slice(11, 16);
  const decimals = step >= 1
    ? 0
    : Math.min(3, Math.ceil(-Math.log10(step) - 1e-9));
  return text.slice(11, decimals > 0 ? 20 + decimals : 19);
}
