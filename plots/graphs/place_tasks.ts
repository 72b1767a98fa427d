import { type Grouping, groupings, ungrouped } from "./dependency_groups.ts";
import { keyOf, type Task, type Tasks } from "./task_rows.ts";
import { counted } from "../chart/words.ts";
import type { Graph, PlacedGraph } from "./graph.ts";
import type { Graphviz } from "./graphviz.ts";
import { placeGraph } from "./place_graph.ts";

/** What tasks are drawn in. */
export interface PlaceTasksOptions {
  /** In pixels. */
  width: number;
  /** How many tasks are drawn each on its own; if not given, as many as fit. */
  mostNodes: number | undefined;
  /** The tasks of the critical path by their keys, in order. */
  path: readonly string[];
  /** The states in the order of the legend. */
  states: readonly string[];
}

/** Tasks in their places, and in how many groups. */
export interface PlacedTasks {
  placed: PlacedGraph;
  groups: number;
}

const mostHeight = 1400;
const mostTasks = 150;
const mostEdges = 250;
// Ever coarser: five groups fit, whatever is between them.
const mostGroups = [40, 20, 10, 5];
const mostGroupEdges = 100;

/**
 * Tasks laid out each on its own where they fit, or else in groups, as fine as
 * they fit.
 */
export function placeTasks(
  tasks: Tasks,
  { width, mostNodes, path, states }: PlaceTasksOptions,
  graphviz: Graphviz,
): PlacedTasks {
  const fits = ({ width: wide, height }: PlacedGraph) =>
    wide <= width && height <= mostHeight;
  const place = (grouping: Grouping): PlacedTasks => ({
    placed: placeGraph(
      graphOf(grouping, tasks.tasks, path, states),
      width,
      graphviz,
    ),
    groups: grouping.groups.length,
  });
  const { length } = tasks.tasks;
  if (length <= (mostNodes ?? mostTasks)) {
    const edges = tasks.dependencies.length;
    if (mostNodes !== undefined || edges <= mostEdges) {
      const each = place(ungrouped(tasks.tasks, tasks.dependencies));
      if (mostNodes !== undefined || fits(each.placed)) return each;
    }
  }
  let last: PlacedTasks | undefined;
  for (const groups of mostGroups) {
    const found = groupings(tasks.tasks, tasks.dependencies, {
      groups,
      dependencies: mostGroupEdges,
    });
    for (const grouping of found) {
      last = place(grouping);
      if (fits(last.placed)) return last;
    }
  }
  return last!;
}

function graphOf(
  { groups, dependencies }: Grouping,
  tasks: readonly Task[],
  path: readonly string[],
  order: readonly string[],
): Graph {
  const onPath = new Set(path);
  const places = new Map<string, number>();
  if (path.length > 0) {
    groups.forEach((group, i) =>
      group.tasks.forEach((place) => places.set(keyOf(tasks[place]!), i))
    );
  }
  const steps = new Set(
    path.slice(1).map((key, i) => `${places.get(path[i]!)} ${places.get(key)}`),
  );
  return {
    nodes: groups.map(({ app, tasks: members }, i) => {
      const states = [
        ...Map.groupBy(members, (place) => tasks[place]!.state),
      ].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
      const note = members.length === 1
        ? numbered(tasks[members[0]!]!.task)
        : counted(members.length, "task");
      const isMarked = onPath.size > 0 &&
        members.some((place) => onPath.has(keyOf(tasks[place]!)));
      return {
        name: String(i),
        title: app,
        note,
        shares: states.map(([name, { length }]) => ({
          name,
          share: length / members.length,
        })),
        marked: isMarked,
        tip: [
          app,
          note,
          ...states.map(([state, { length }]) =>
            members.length === 1
              ? state
              : `${length.toLocaleString("en-US")} ${state}`
          ),
          ...(isMarked ? ["on the critical path"] : []),
        ].join("\n"),
      };
    }),
    edges: dependencies.map(({ from, to, joins, count }) => ({
      from: String(from),
      to: String(to),
      label: count > 1 ? count.toLocaleString("en-US") : undefined,
      dashed: joins,
      marked: steps.has(`${from} ${to}`),
    })),
  };
}

const numbered = (task: string) => /^\d+$/.test(task) ? `task ${task}` : task;
