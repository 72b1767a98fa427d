import { foldPhases } from "./phases.ts";
import type { TimelineLines } from "./timeline_lines.ts";
import type { WorkerLife, WorkerLives } from "./worker_lives.ts";

// In pixels.
const groupNameHeight = 18;

/** Workers of one group, that lie below its name. */
export interface WorkerGroup {
  name: string;
  /** The middle of the rows that hold its name. */
  row: number;
  lives: WorkerLife[];
}

/** A row for each worker, group below group. */
export interface WorkerLines {
  lines: TimelineLines;
  /** None if there is only one, or if there are too many to be named. */
  groups: WorkerGroup[];
  /** Columns of the groups. */
  by: string[];
}

/** Lays out workers in rows for so many pixels. */
export function workerLines(
  { lives, phases, groupNames }: WorkerLives,
  pixels: number,
): WorkerLines {
  const { by, names } = groupsThatFit(lives, groupNames, pixels);
  const count = new Set(names).size;
  // The names of groups take as many rows as they need pixels.
  const nameRows = count > 1
    ? Math.max(
      1,
      Math.ceil(
        groupNameHeight * lives.length /
          Math.max(1, pixels - count * groupNameHeight),
      ),
    )
    : 0;
  const groups: WorkerGroup[] = [];
  let rows = 0;
  const called = namesWithin(lives, names, groupNames, by);
  const order = lives.map((life, l) => {
    if (count > 1 && names[l] !== groups.at(-1)?.name) {
      groups.push({ name: names[l]!, row: rows + nameRows / 2, lives: [] });
      rows += nameRows;
    }
    groups.at(-1)?.lives.push(life);
    return { name: called[l]!, row: rows++, lanes: 1 };
  });
  const folded = foldPhases(phases);
  return {
    by,
    groups,
    lines: {
      ...folded,
      row: folded.line.map((l) => order[l]!.row),
      rows,
      order,
      overlapping: 0,
    },
  };
}

/** Names of workers that tell them apart within their group. */
function namesWithin(
  lives: readonly WorkerLife[],
  names: readonly string[],
  groupNames: readonly string[],
  by: readonly string[],
): string[] {
  const keys = new Set(lives.map(({ worker }, l) => `${names[l]}\n${worker}`));
  const used = keys.size === lives.length
    ? []
    : varyingGroups(lives, groupNames)
      .filter((g) => !by.includes(groupNames[g]!));
  return lives.map(({ worker, groups }) =>
    [...used.map((g) => groups[g]!), worker].join("/")
  );
}

/** The places of the groups in which workers differ. */
const varyingGroups = (
  lives: readonly WorkerLife[],
  groupNames: readonly string[],
) =>
  groupNames.map((_, g) => g)
    .filter((g) => new Set(lives.map(({ groups }) => groups[g])).size > 1);

/** From the outside in, as many levels as leave each group room for its name. */
function groupsThatFit(
  lives: readonly WorkerLife[],
  groupNames: readonly string[],
  pixels: number,
): { by: string[]; names: string[] } {
  const used = varyingGroups(lives, groupNames);
  for (; used.length; used.pop()) {
    const names = lives.map(({ groups }) =>
      used.map((g) =>
        groups[g] === ""
          ? `no ${groupNames[g]}`
          : `${groupNames[g]} ${groups[g]}`
      ).join(", ")
    );
    if (new Set(names).size * groupNameHeight * 2.5 <= pixels) {
      return { by: used.map((g) => groupNames[g]!), names };
    }
  }
  return { by: [], names: lives.map(() => "") };
}
