import type { Dependency, Task } from "./task_rows.ts";

/** Tasks that are drawn as one. */
export interface TaskGroup {
  /** Their app; "other (n)" where n apps are one group. */
  app: string;
  /** Their places among the tasks. */
  tasks: number[];
}

/** Which groups wait for which. */
export interface GroupDependency {
  /** The place of the group whose tasks must end first. */
  from: number;
  /** The place of the group that waits for it. */
  to: number;
  joins: boolean;
  /** How many dependencies of tasks it stands for. */
  count: number;
}

/** Tasks in groups. */
export interface Grouping {
  groups: TaskGroup[];
  dependencies: GroupDependency[];
}

const mostRounds = 8;

/** How many groups there may be, and how many dependencies between them. */
export interface GroupLimits {
  groups: number;
  dependencies: number;
}

/**
 * Tasks in ever finer groups: first those of one app, then of these those that
 * wait for the same groups and are waited for by the same, and so on, as long
 * as the limits hold. The finest comes first; there is none if those of one app
 * have too many dependencies. Takes time in proportion to the tasks and
 * dependencies. (After the refinement of colours by Weisfeiler and Leman.)
 */
export function groupings(
  tasks: readonly Task[],
  dependencies: readonly Dependency[],
  most: GroupLimits,
): Grouping[] {
  const apps = folded(tasks.map(({ app }) => app), most.groups);
  const found: Grouping[] = [];
  let classes = numbered(apps);
  for (let round = 0; round < mostRounds; round++) {
    const grouping = groupingOf(classes, apps, dependencies);
    const { length } = grouping.groups;
    if (
      length > most.groups || length === found[0]?.groups.length ||
      grouping.dependencies.length > most.dependencies
    ) break;
    found.unshift(grouping);
    classes = refined(classes, dependencies);
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
function folded(apps: readonly string[], most: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const app of apps) counts.set(app, (counts.get(app) ?? 0) + 1);
  if (counts.size <= most) return apps;
  const kept = new Set(
    [...counts].sort(([, a], [, b]) => b - a).slice(0, most - 1)
      .map(([app]) => app),
  );
  const other = `other (${counts.size - kept.size})`;
  return apps.map((app) => kept.has(app) ? app : other);
}

/** The classes that differ in their own, or in those beside them. */
function refined(
  classes: Int32Array,
  dependencies: readonly Dependency[],
): Int32Array {
  // What is beside each task lies behind what is beside the one before.
  const first = new Uint32Array(classes.length + 1);
  for (const { from, to } of dependencies) {
    first[from + 1]!++;
    first[to + 1]!++;
  }
  for (let i = 0; i < classes.length; i++) first[i + 1]! += first[i]!;
  const next = first.slice();
  // A class and one of four ways to be beside it as one number.
  const beside = new Float64Array(2 * dependencies.length);
  for (const { from, to, joins } of dependencies) {
    const kind = joins ? 2 : 0;
    beside[next[from]!++] = 4 * classes[to]! + kind;
    beside[next[to]!++] = 4 * classes[from]! + kind + 1;
  }
  const numbers = new Map<string | number, number>();
  return classes.map((own, i) => {
    const part = beside.subarray(first[i]!, first[i + 1]!);
    let key: string | number = own;
    if (part.length > 0) {
      if (part.length > 1) part.sort();
      let last = -1;
      key = String(own);
      for (const one of part) {
        if (one !== last) key += ` ${one}`;
        last = one;
      }
    }
    return numberOf(numbers, key);
  });
}

function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => numberOf(numbers, name));
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

function groupingOf(
  classes: Int32Array,
  apps: readonly string[],
  dependencies: readonly Dependency[],
): Grouping {
  const groups: TaskGroup[] = [];
  classes.forEach((group, i) => {
    groups[group] ??= { app: apps[i]!, tasks: [] };
    groups[group].tasks.push(i);
  });
  const between = new Map<number, GroupDependency>();
  for (const { from, to, joins } of dependencies) {
    const [first, second] = [classes[from]!, classes[to]!];
    const key = 2 * (first * groups.length + second) + (joins ? 1 : 0);
    const known = between.get(key);
    if (known) known.count++;
    else between.set(key, { from: first, to: second, joins, count: 1 });
  }
  return { groups, dependencies: [...between.values()] };
}
