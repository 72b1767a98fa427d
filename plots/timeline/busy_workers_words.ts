import { formatDuration } from "../axes/units.ts";
import { givenDomain } from "../drawing/merge.ts";
import { categoricalColors, colorsFor } from "../chart/palette.ts";
import type { ScaleOptions } from "../chart/plot_types.ts";
import type { WorkerLives } from "./worker_lives.ts";
import { counted, rowsWithoutTime } from "../chart/words.ts";

/** A share for reading: 99.6 % is not 100 %. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  const isWhole = rounded !== 100 && rounded !== 0 || share === 1 ||
    share === 0;
  return `${isWhole ? rounded : Number((share * 100).toFixed(1))}\u00a0%`;
}

// Busy is dark and idle is light; what is partly busy is in between. What is
// waited for can be told apart.
const ownColors: readonly [string, string][] = [
  ["busy", "#0072b2"],
  ["busy 75 to 100 %", "#3d94c6"],
  ["busy 50 to 75 %", "#7ab5d8"],
  ["busy 25 to 50 %", "#a9cfe6"],
  ["busy 0 to 25 %", "#d3e5f1"],
  ["manager", "#b5ddd3"],
  ["dispatch", "#f7d79f"],
  ["nothing queued", "#e3e6ea"],
  ["idle", "#e3e6ea"],
  ["unknown", "#eadfee"],
];

/** The colours of what workers do. */
export function stateColors(names: Iterable<string>): Map<string, string> {
  const own = new Map(ownColors);
  const all = [...names];
  const others = colorsFor(all.filter((name) => !own.has(name)));
  return new Map(
    all.map((name) => [
      name,
      own.get(name) ?? others.get(name) ?? categoricalColors[0]!,
    ]),
  );
}

/** What workers are busy with first, and then why they are idle. */
export function statesInOrder(names: Iterable<string>): string[] {
  const rank = (name: string) => {
    const place = ownColors.findIndex(([own]) => own === name);
    return place < 0 ? (/^other \(\d+\)$/.test(name) ? 0.5 : 0) : place + 1;
  };
  return [...names].sort((a, b) => rank(a) - rank(b));
}

/** What is said of workers and how far they were used. */
export function busyWorkersCaption(
  { lives, steps, hasGaps, overlapping, rows }: WorkerLives,
  { x, by }: {
    x?: ScaleOptions | null | undefined;
    by: readonly string[];
  },
): string {
  if (lives.length === 0) {
    return ["No workers.", ...rowsWithoutTime(rows.withoutTime)].join(" ");
  }
  const life = lives.reduce((sum, { life }) => sum + life, 0);
  const busy = lives.reduce((sum, { busy }) => sum + busy, 0);
  const most = steps.busy.reduce((a, b) => Math.max(a, b), 0);
  const parts = [
    `${counted(lives.length, "worker")}, busy ` +
    `${percent(life > 0 ? busy / life : 0)} of the ${formatDuration(life)} ` +
    "that they were there, added up; at most " +
    `${most.toLocaleString("en-US", { maximumFractionDigits: 1 })} at once.`,
  ];
  if (lives.length > 2) {
    const shares = lives.map(({ share }) => share).sort((a, b) => a - b);
    const middle = shares.length / 2;
    const median = (shares[Math.floor(middle)]! +
      shares[Math.ceil(middle) - 1]!) / 2;
    parts.push(
      `Busy share of a worker: least ${percent(shares[0]!)}, median ` +
        `${percent(median)}, most ${percent(shares.at(-1)!)}.`,
    );
  }
  if (hasGaps) {
    parts.push(
      "A worker is taken to be there from its first row to its last, idle " +
        "between them.",
    );
  }
  const left = rows.groupNames.filter((name) => !by.includes(name)).length &&
    by.length === 0 && new Set(lives.map((l) => l.groups.join())).size > 1;
  if (left) parts.push("Groups of workers are too many to be named.");
  if (overlapping) {
    parts.push(
      `${counted(overlapping, "row starts", "rows start")} while the worker ` +
        "is busy already.",
    );
  }
  if (rows.withoutEnd) {
    parts.push(
      `${counted(rows.withoutEnd, "row has", "rows have")} no end: drawn to ` +
        "the end of the data.",
    );
  }
  if (rows.negative) {
    parts.push(
      `${counted(rows.negative, "row ends", "rows end")} before the start.`,
    );
  }
  if (givenDomain(x)) parts.push("Numbers are of all of the time.");
  return [...parts, ...rowsWithoutTime(rows.withoutTime)].join(" ");
}
