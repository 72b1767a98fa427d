/* global d3 */

/**
 * Ticks at round times since the starts of the runs: places between those of a
 * window, with their texts and the step that lies between them.
 */
export function ticksIn(time, [from, until], max) {
  const step = steps.find((step) => (until - from) / step <= max) ??
    86400 * Math.ceil((until - from) / 86400 / max);
  const places = time.parts.flatMap((part) => {
    const [a, b] = [Math.max(from, part.from), Math.min(until, part.until)];
    const shift = a - time.sinceStart(a);
    const first = Math.ceil((a - shift) / step - 1e-9);
    // Not a sum of steps, whose errors would add up.
    return d3.range(0, Math.floor((b - shift) / step + 1e-9) - first + 1)
      .map((i) => shift + (first + i) * step);
  });
  // Where a pause is cut, the next run may begin right after a tick.
  let free = -Infinity;
  const apart = places.filter((place) => {
    if (place < free) return false;
    free = place + 0.7 * step;
    return true;
  });
  return {
    places: apart,
    since: (place) => sinceText(time.sinceStart(place), step),
    clock: (place) => clockText(time.toUnix(place), step),
  };
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
  const whole = Number(size.toFixed(decimals));
  if (whole < 60) return `${whole > 0 ? sign : ""}${whole.toFixed(decimals)} s`;
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
function clockText(unix, step) {
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
