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
const otherColor = "#9498a0";

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
export function coloring(stream, by) {
  const { attempts, length, texts } = stream;
  if (by === "run") return byRun(stream);
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
    color: by === "app" ? appColors[i] : outcomeColors[texts[number]],
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

function byRun({ attempts, lanes, runs }) {
  return {
    groups: runs.map(({ run }, i) => ({
      name: `run ${run}`,
      color: runColor(i),
      filter: { run },
    })),
    of: Uint8Array.from(attempts.lane, (lane) => lanes[lane].runIndex),
  };
}

export const runColor = (index) => appColors[index] ?? otherColor;

/** Red, green and blue of "#rrggbb". */
export const partsOf = (color) =>
  [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/** Whether black is readable on a color. */
export function isLight(color) {
  const [red, green, blue] = partsOf(color);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
}
