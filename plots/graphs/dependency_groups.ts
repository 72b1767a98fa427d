import { type GroupedRows, groupRows } from "../rows/group_rows.ts";
import { seriesOf } from "../rows/series.ts";

/** A task of a graph. */
export interface Task {
  /** Tells it from all others. */
  key: string;
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
// Increasingly coarse: five groups always fit.
const maxGroups = [40, 20, 10, 5];
const maxDependencies = 100;

/** Each task as a group of its own. */
export const ungrouped = (
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
): Grouping =>
  groupingOf(
    Int32Array.from(tasks.keys()),
    tasks.map(({ app }) => app),
    dependencies,
  );

/**
 * Groups tasks ever more finely: first by app, then tasks of one app by the
 * groups that they wait for and that wait for them, and so on, as long as there
 * are not too many groups, nor dependencies between them. The finest grouping
 * comes first. Linear in tasks and dependencies. (After the colour refinement of
 * Weisfeiler and Leman.)
 */
export function* groupings(
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
): Generator<Grouping, undefined> {
  const apps = tasks.map(({ app }) => app);
  const { size } = new Set(apps);
  let ends: GroupedRows | undefined;
  for (const max of maxGroups) {
    // Fewer groups of the same apps came with the finer ones already.
    if (max < maxGroups[0]! && size <= max) continue;
    // The apps with most tasks by their names, the others as one.
    const kept = size > max ? max - 1 : size;
    const { of, names } = seriesOf(apps, apps.length, kept);
    const folded = Array.from(of, (app) => names[app]!);
    const found: Grouping[] = [];
    let classes = numbered(folded);
    for (let round = 0; round < maxRounds; round++) {
      const grouping = groupingOf(classes, folded, dependencies);
      const { length } = grouping.groups;
      if (
        length > max || length === found[0]?.groups.length ||
        grouping.dependencies.length > maxDependencies
      ) break;
      found.unshift(grouping);
      ends ??= endsByTask(tasks.length, dependencies);
      classes = refined(classes, dependencies, ends);
    }
    yield* found;
  }
}

/** The ends of dependencies, by task: first all `from`, then all `to`. */
const endsByTask = (tasks: number, dependencies: readonly Dependency[]) =>
  groupRows(
    2 * dependencies.length,
    tasks,
    (end) =>
      dependencies[end]?.from ?? dependencies[end - dependencies.length]!.to,
  );

/** The classes of tasks that differ in their own class or in a neighbour's. */
function refined(
  classes: Int32Array,
  dependencies: readonly Dependency[],
  { rows, first }: GroupedRows,
): Int32Array {
  const { length } = dependencies;
  // The class of a neighbour and one of four kinds of edge, as one number.
  const beside = new Float64Array(rows.length);
  rows.forEach((end, k) => {
    const isFrom = end < length;
    const { from, to, joins } = dependencies[isFrom ? end : end - length]!;
    const other = classes[isFrom ? to : from]!;
    beside[k] = 4 * other + (joins ? 2 : 0) + (isFrom ? 0 : 1);
  });
  const keys = new Map<string, number>();
  return classes.map((own, i) => {
    let key = String(own);
    let last = -1;
    for (const neighbour of beside.subarray(first[i], first[i + 1]).sort()) {
      if (neighbour !== last) key += ` ${neighbour}`;
      last = neighbour;
    }
    return keys.getOrInsert(key, keys.size);
  });
}

function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(
    names,
    (name) => numbers.getOrInsert(name, numbers.size),
  );
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
