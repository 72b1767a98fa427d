import { type GroupedRows, groupRows } from "../rows/group_rows.ts";
import { Numbering } from "../rows/numbering.ts";
import { seriesOf } from "../rows/series.ts";

/** A task of a graph. */
export interface Task {
  run: string;
  task: string;
  app: string;
  state: string;
}

/** A task that another waits for, as their places among the tasks. */
export interface Dependency {
  from: number;
  to: number;
  /** Whether the first is an inner task of the second, a join app. */
  joins: boolean;
}

/** Tasks in groups, and the dependencies between groups. */
export interface Grouping {
  /** `app` is "other (n)" if n apps are one group; tasks are places. */
  groups: { app: string; tasks: number[] }[];
  /** With the number of dependencies between tasks that each stands for. */
  dependencies: (Dependency & { count: number })[];
}

const maxRounds = 8;

/** How many groups there may be, and how many dependencies between them. */
export interface GroupLimits {
  groups: number;
  dependencies: number;
}

/**
 * Groups tasks ever more finely: first by app, then tasks of one app by the
 * groups that they wait for and that wait for them, and so on, as long as the
 * limits hold. The finest grouping comes first; there is none if apps have too
 * many dependencies. Linear in tasks and dependencies. (After the colour
 * refinement of Weisfeiler and Leman.)
 */
export function groupings(
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
  max: GroupLimits,
): Grouping[] {
  const apps = foldedApps(tasks.map(({ app }) => app), max.groups);
  const found: Grouping[] = [];
  let ends: GroupedRows | undefined;
  let classes = numbered(apps);
  for (let round = 0; round < maxRounds; round++) {
    const grouping = groupingOf(classes, apps, dependencies);
    const { length } = grouping.groups;
    if (
      length > max.groups || length === found[0]?.groups.length ||
      grouping.dependencies.length > max.dependencies
    ) break;
    found.unshift(grouping);
    ends ??= endsByTask(tasks.length, dependencies);
    classes = refined(classes, dependencies, ends);
  }
  return found;
}

/** Each task as a group of its own. */
export const ungrouped = (
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
): Grouping =>
  groupingOf(
    Int32Array.from(tasks, (_, i) => i),
    tasks.map(({ app }) => app),
    dependencies,
  );

/** The apps with most tasks by their names, the others as one. */
function foldedApps(apps: readonly string[], max: number): readonly string[] {
  if (new Set(apps).size <= max) return apps;
  const { of, names } = seriesOf(apps, apps.length, max - 1);
  return apps.map((_, i) => names[of[i]!]!);
}

/** The ends of dependencies, by task: first all `from`, then all `to`. */
function endsByTask(
  tasks: number,
  dependencies: readonly Dependency[],
): GroupedRows {
  const { length } = dependencies;
  return groupRows(
    2 * length,
    tasks,
    (end) =>
      end < length ? dependencies[end]!.from : dependencies[end - length]!.to,
  );
}

/** The classes of tasks that differ in their own class or in a neighbour's. */
function refined(
  classes: Int32Array,
  dependencies: readonly Dependency[],
  { rows, first }: GroupedRows,
): Int32Array {
  const { length } = dependencies;
  // The class of a neighbour and one of four kinds of edge, as one number.
  const beside = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    const isFrom = rows[k]! < length;
    const { from, to, joins } = dependencies[rows[k]! - (isFrom ? 0 : length)]!;
    const other = classes[isFrom ? to : from]!;
    beside[k] = 4 * other + (joins ? 2 : 0) + (isFrom ? 0 : 1);
  }
  const keys = new Numbering<string>();
  return classes.map((own, i) => {
    const neighbours = beside.subarray(first[i], first[i + 1]);
    if (neighbours.length > 1) neighbours.sort();
    let key = String(own);
    let last = -1;
    for (const neighbour of neighbours) {
      if (neighbour !== last) key += ` ${neighbour}`;
      last = neighbour;
    }
    return keys.of(key);
  });
}

function numbered(names: readonly string[]): Int32Array {
  const numbers = new Numbering<string>();
  return Int32Array.from(names, (name) => numbers.of(name));
}

function groupingOf(
  classes: Int32Array,
  apps: readonly string[],
  dependencies: readonly Dependency[],
): Grouping {
  const groups: Grouping["groups"] = [];
  classes.forEach((group, i) => {
    groups[group] ??= { app: apps[i]!, tasks: [] };
    groups[group].tasks.push(i);
  });
  const between = new Map<number, Grouping["dependencies"][number]>();
  for (const { from, to, joins } of dependencies) {
    const [first, second] = [classes[from]!, classes[to]!];
    const key = 2 * (first * groups.length + second) + (joins ? 1 : 0);
    const known = between.get(key);
    if (known) known.count++;
    else between.set(key, { from: first, to: second, joins, count: 1 });
  }
  return { groups, dependencies: [...between.values()] };
}
