import { type GroupedRows, groupRows, numberOf } from "../rows/row_order.ts";
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
  /** `app` is "other (n)" if n apps are one group. */
  groups: { app: string; tasks: Task[] }[];
  /** With the number of dependencies between tasks that each stands for. */
  dependencies: (Dependency & { count: number })[];
}

const maxRounds = 8;
// Increasingly coarse: five groups always fit.
const maxGroups = [40, 20, 10, 5];
const maxDependencies = 100;

/**
 * Groups tasks ever more finely: first by app, then tasks of one app by the
 * groups that they wait for and that wait for them, and so on, as long as there
 * are not too many groups, nor dependencies between them. The finest grouping
 * comes first; before it, if `each` is true, each task as a group of its own.
 * Linear in tasks and dependencies. (After the colour refinement of Weisfeiler
 * and Leman.)
 */
export function* groupings(
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
  each: boolean,
): Generator<Grouping, undefined> {
  const apps = tasks.map(({ app }) => app);
  const { size } = new Set(apps);
  const groupingOf = (classes: Int32Array, appOf: (task: number) => string) => {
    const groups: Grouping["groups"] = [];
    classes.forEach((group, i) => {
      groups[group] ??= { app: appOf(i), tasks: [] };
      groups[group].tasks.push(tasks[i]!);
    });
    const between = Map.groupBy(
      dependencies,
      ({ from, to, joins }) =>
        2 * (classes[from]! * groups.length + classes[to]!) + Number(joins),
    );
    return {
      groups,
      dependencies: Array.from(between.values(), ([first, ...others]) => ({
        from: classes[first!.from]!,
        to: classes[first!.to]!,
        joins: first!.joins,
        count: others.length + 1,
      })),
    };
  };
  if (each) yield groupingOf(Int32Array.from(tasks.keys()), (i) => apps[i]!);
  let ends: GroupedRows | undefined;
  for (const max of maxGroups) {
    // Fewer groups of the same apps came with the finer ones already.
    if (max < maxGroups[0]! && size <= max) continue;
    // The apps with most tasks by their names, the others as one.
    const kept = size > max ? max - 1 : size;
    const { of, names } = seriesOf(apps, apps.length, kept);
    const found: Grouping[] = [];
    let classes = of;
    for (let round = 0; round < maxRounds; round++) {
      const grouping = groupingOf(classes, (i) => names[of[i]!]!);
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
    return numberOf(key, keys);
  });
}
