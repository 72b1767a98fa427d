import { foldPhases } from "./fold_phases.ts";
import type { TimelineLines } from "./timeline_lines.ts";
import type { WorkerLife, WorkerLives } from "./worker_lives.ts";

/** Workers that are part of one thing, and lie below its name. */
export interface WorkerGroup {
  name: string;
  /** The middle of the rows that hold its name. */
  row: number;
  lives: WorkerLife[];
}

/** A row for each worker, group below group. */
export interface WorkerLines {
  lines: TimelineLines;
  /** None, where there is one alone, or where they are too many to be named. */
  groups: WorkerGroup[];
  /** The columns that the groups are of. */
  by: string[];
}

/** Lays workers out in rows for so many pixels. */
export function workerLines(
  { lives, pieces, states, rows }: WorkerLives,
  pixels: number,
): WorkerLines {
  const { by, names } = groupsThatFit(lives, rows.groupNames, pixels);
  const count = new Set(names).size;
  const each = pixels - count * headHeight;
  // The names of groups take as many rows as they need pixels.
  const head = count > 1
    ? Math.max(1, Math.ceil(headHeight * lives.length / Math.max(1, each)))
    : 0;
  const top: number[] = [];
  const groups: WorkerGroup[] = [];
  let row = 0;
  lives.forEach((life, l) => {
    if (count > 1 && (l === 0 || names[l] !== names[l - 1])) {
      groups.push({ name: names[l]!, row: row + head / 2, lives: [] });
      row += head;
    }
    groups.at(-1)?.lives.push(life);
    top.push(row++);
  });
  const called = namesIn(lives, names, rows.groupNames, by);
  const { length } = pieces;
  const folded = foldPhases({
    ...pieces,
    lines: lives.map(({ worker }) => worker),
    phases: states,
    domain: [
      lives.reduce((first, { start }) => Math.min(first, start), Infinity),
      lives.reduce((last, { end }) => Math.max(last, end), -Infinity),
    ],
    withoutTime: rows.withoutTime,
    withoutEnd: rows.withoutEnd,
    negative: rows.negative,
    lineName: "worker",
  }, 20);
  return {
    by,
    groups,
    lines: {
      ...folded,
      domain: length ? folded.domain : [0, 0],
      row: folded.line.map((l) => top[l]!),
      rows: row,
      order: lives.map(({ worker }, l) => ({
        ...{ name: called[l] ?? worker, row: top[l]!, lanes: 1 },
      })),
      overlapping: 0,
    },
  };
}

const headHeight = 18;

/** Names of workers that tell them apart within their group. */
function namesIn(
  lives: readonly WorkerLife[],
  names: readonly string[],
  groupNames: readonly string[],
  by: readonly string[],
): string[] {
  const keys = new Set(lives.map(({ worker }, l) => `${names[l]}\n${worker}`));
  if (keys.size === lives.length) return lives.map(({ worker }) => worker);
  const used = groupNames.map((_, g) => g)
    .filter((g) => !by.includes(groupNames[g]!))
    .filter((g) => new Set(lives.map(({ groups }) => groups[g])).size > 1);
  return lives.map(({ worker, groups }) =>
    [...used.map((g) => groups[g]!), worker].join("/")
  );
}

// From the outside in, as many levels as leave each group room for its name.
function groupsThatFit(
  lives: readonly WorkerLife[],
  groupNames: readonly string[],
  pixels: number,
): { by: string[]; names: string[] } {
  const varied = groupNames.map((_, g) => g)
    .filter((g) => new Set(lives.map(({ groups }) => groups[g])).size > 1);
  for (let deep = varied.length; deep > 0; deep--) {
    const used = varied.slice(0, deep);
    const names = lives.map(({ groups }) =>
      used.map((g) =>
        groups[g] === ""
          ? `no ${groupNames[g]}`
          : `${groupNames[g]} ${groups[g]}`
      ).join(", ")
    );
    if (new Set(names).size * headHeight * 2.5 <= pixels) {
      return { by: used.map((g) => groupNames[g]!), names };
    }
  }
  return { by: [], names: lives.map(() => "") };
}
