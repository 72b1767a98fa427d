import type { Markish } from "../chart/plot_types.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import {
  differingParts,
  distinguishingParts,
  shortParts,
  titleOfPart,
} from "../rows/group_names.ts";

/** A worker, or a slot of it, in its groups. */
export interface GroupedWorker {
  worker: string;
  /** Names of its groups, from the outside in. */
  groups: readonly string[];
}

// In pixels.
const groupNameHeight = 18;

const [minRowHeight, rowHeight] = [13, 18];

/** Height of workers: each has room for its name, if there are few. */
export function heightOfLines(
  workers: readonly GroupedWorker[],
  maxHeight: number,
): number {
  const groups = new Set(workers.map(({ groups }) => JSON.stringify(groups)));
  const rows = workers.length + 1 + (groups.size > 1 ? 2 * groups.size : 0);
  const fitting = Math.min(rowHeight, Math.max(minRowHeight, 420 / rows));
  return Math.min(maxHeight, Math.max(72, rows * fitting));
}

/** A group of workers with a title above its lines. */
export interface WorkerGroup {
  title: string;
  /** The middle of the title. */
  row: number;
  /** Places of the workers. */
  members: number[];
}

/** Columns of the groups and of the workers in them. */
export interface WorkerNames {
  groupNames: readonly string[];
  /** Noun for a line: "worker", "slot". */
  noun: string;
}

/**
 * Lays out workers in lines for this many pixels, group below group, in as many
 * levels as leave each group room for its name. A worker has several rows if
 * `lanes` says so.
 */
export function layOutWorkers(
  workers: readonly GroupedWorker[],
  { groupNames, noun }: WorkerNames,
  pixels: number,
  lanes: (worker: number) => number = () => 1,
) {
  const columns = [...groupNames, noun];
  const names = shortParts(
    workers.map(({ groups, worker }) => [...groups, worker]),
    columns,
  );
  const inner = groupNames.length;
  const differing = differingParts(names).filter((part) => part !== inner);
  const titlesBy = (levels: readonly number[]) =>
    names.map((own) =>
      levels.map((part) => titleOfPart(columns[part]!, own[part]!)).join(", ")
    );
  const by = differing.map((_, i) => differing.slice(0, differing.length - i))
    .find((levels) =>
      new Set(titlesBy(levels)).size * groupNameHeight * 2.5 <= pixels
    ) ?? [];
  const titles = titlesBy(by);
  const count = new Set(titles).size;
  const laneCounts = workers.map((_, w) => lanes(w));
  const allLanes = laneCounts.reduce((a, b) => a + b, 0);
  // The names of groups take as many rows as they need pixels.
  const forWorkers = Math.max(1, pixels - count * groupNameHeight);
  const nameRows = Math.ceil(groupNameHeight * allLanes / forWorkers);
  const naming = distinguishingParts(
    names,
    [...differing.slice(by.length), inner],
    titles,
  );
  const groups: WorkerGroup[] = [];
  let rows = 0;
  const order = names.map((own, w) => {
    if (count > 1 && titles[w] !== groups.at(-1)?.title) {
      groups.push({ title: titles[w]!, row: rows + nameRows / 2, members: [] });
      rows += nameRows;
    }
    groups.at(-1)?.members.push(w);
    const known = naming.filter((part) => own[part] !== "");
    const name = (known.length ? known : naming)
      .map((part) => nameOfPart(columns[part]!, own[part]!)).join(", ");
    const row = rows;
    rows += laneCounts[w]!;
    return { name, row, lanes: laneCounts[w]! };
  });
  const label = naming.map((part) => columns[part]).join(" and ");
  return {
    rows,
    /** The workers from the top. */
    order,
    /** None if there is only one, or if there are too many to be named. */
    groups,
    label: by.length
      ? `${label}, by ${by.map((part) => columns[part]).join(" and ")}`
      : label,
  };
}

/** A number with its noun, "worker 0"; other names stay as they are. */
const nameOfPart = (column: string, name: string): string =>
  name === ""
    ? `no ${column}`
    : /^\d+$/.test(name)
    ? `${column} ${name}`
    : name;

/**
 * The titles of groups over their lines, each with a text about its members: the
 * first of those that fits.
 */
export function groupTitles(
  groups: readonly WorkerGroup[],
  { start, width }: { start: number; width: number },
  textsOf: (members: readonly number[]) => [string, ...string[]],
): Markish {
  // Bold text is wider.
  const size = style.textSize * 1.1;
  return Plot.text(groups, {
    x: start,
    y: "row",
    text: ({ title, members }: WorkerGroup) => {
      const texts = textsOf(members).map((text) => `${title}: ${text}`);
      return texts.find((text) => textWidth(text, size) <= width) ??
        cutText(title, size, width);
    },
    textAnchor: "start",
    dx: 2,
    fill: style.mutedInk,
    fontWeight: 600,
  });
}
