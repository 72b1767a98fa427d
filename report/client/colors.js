// The colors of bars, in the stream and in the views beside it.

const appColors = [
  "#4269d0",
  "#efb118",
  "#6cc5b0",
  "#a463f2",
  "#3ca951",
  "#ff8ab7",
  "#97bbf5",
  "#9c6b4e",
];
export const otherColor = "#9498a0";

/** What is over is pale, work is saturated, and failures stand out. */
const outcomeColors = {
  done: "#8fb9a6",
  failed: "#d92b3a",
  lost: "#e8850c",
  running: "#2f7fe0",
  "not ended": otherColor,
};

/** Outcomes that are marked at any zoom. */
export const isFailure = (outcome) =>
  outcome === "failed" || outcome === "lost";

/**
 * How attempts are colored: a group for each, and the groups with names, colors
 * and the filter that a click on them sets. Of more apps than colors, the rarest
 * share one.
 */
export function coloring(stream, by, compared = []) {
  const known = kept.get(stream) ?? new Map();
  kept.set(stream, known);
  const key = JSON.stringify([by, ...by === "run" ? compared : []]);
  if (!known.has(key)) {
    known.set(
      key,
      by === "run" ? byRun(stream, compared) : byColumn(stream, by),
    );
  }
  return known.get(key);
}

/** All views ask for the same. */
const kept = new WeakMap();

function byColumn({ attempts, length, texts }, by) {
  const column = attempts[by];
  const counts = new Map();
  for (let i = 0; i < length; i++) {
    counts.set(column[i], (counts.get(column[i]) ?? 0) + 1);
  }
  const ordered = by === "app"
    ? [...counts].sort((a, b) => b[1] - a[1]).map(([number]) => number)
    : Object.keys(outcomeColors).map((outcome) => texts.indexOf(outcome))
      .filter((number) => counts.has(number));
  const named = ordered.slice(0, appColors.length);
  const groups = named.map((number, i) => ({
    name: number < 0 ? `no ${by}` : texts[number],
    color: number < 0
      ? otherColor
      : by === "app"
      ? appColors[i]
      : outcomeColors[texts[number]],
    filter: number < 0 ? undefined : { [by]: texts[number] },
  }));
  const others = ordered.length - named.length;
  if (others > 0) {
    groups.push({ name: `${others} other apps`, color: otherColor });
  }
  const groupOf = new Map(named.map((number, i) => [number, i]));
  return {
    groups,
    of: Uint8Array.from(column, (it) => groupOf.get(it) ?? named.length),
  };
}

/** Runs that are compared, or else the first ones, have colors of their own. */
function byRun({ attempts, lanes, runs }, compared) {
  const named = compared.length > 0 ? compared : runs.map(({ run }) => run);
  const groups = named.slice(0, appColors.length).map((run, i) => ({
    name: `run ${run}`,
    color: runColor(i),
    filter: { run },
  }));
  const others = named.length - groups.length;
  if (others > 0) {
    groups.push({ name: `${others} other runs`, color: otherColor });
  }
  const groupOf = runs.map(({ run }) => {
    const nth = named.indexOf(run);
    return Math.min(nth < 0 ? 0 : nth, groups.length - 1);
  });
  return {
    groups,
    of: Uint8Array.from(attempts.lane, (lane) => groupOf[lanes[lane].runIndex]),
  };
}

/** The color of the nth of the runs that are compared. */
export const runColor = (nth) => appColors[nth] ?? otherColor;

/** Red, green and blue of "#rrggbb". */
export const rgbParts = (color) =>
  [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/** Whether black is readable on a color. */
export function isLight(color) {
  const [red, green, blue] = rgbParts(color);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
}
