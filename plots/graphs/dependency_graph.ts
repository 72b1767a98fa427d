// Over 300 lines: one chart, from its rows to its marks and caption.

import type { Chart } from "../chart/chart.ts";
import {
  type ChartKind,
  chartOf,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { counted, notes } from "../chart/captions.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { style } from "../drawing/style.ts";
import {
  type Channel,
  columnNamesOf,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { seriesOf } from "../rows/series.ts";
import {
  type Dependency,
  type Grouping,
  groupings,
  type Task,
  ungrouped,
} from "./dependency_groups.ts";
import type { Graph, PlacedGraph } from "./graph.ts";
import { edgeColor, graphPanel } from "./graph_marks.ts";
import {
  type Graphviz,
  loadGraphviz,
  placeFacets,
  placeGraph,
} from "./layout_graph.ts";

/** Tasks and their dependencies, as from `taskGraph(db)`. */
export interface DependencyRows {
  /** A row for each task. */
  nodes: Rows;
  /** A row for each dependency. */
  edges: Rows;
}

/** Columns with tasks and their dependencies. */
export interface DependencyChannels {
  /** Of a node: its name in edges. The column "task". */
  task?: Channel | undefined;
  /** Of a node: its app. The column "app", if there is one. */
  app?: Channel | undefined;
  /** Of a node: its state. The column "state", if there is one. */
  state?: Channel | undefined;
  /**
   * Of a node and of an edge: the run that the names of tasks belong to. The
   * column "run", if there is one.
   */
  run?: Channel | undefined;
  /** Of an edge: the task that must end first. The column "from". */
  from?: Channel | undefined;
  /** Of an edge: the task that waits for it. The column "to". */
  to?: Channel | undefined;
  /**
   * Of an edge: "joins" for an inner task that a join app waits for. The column
   * "kind", if there is one.
   */
  kind?: Channel | undefined;
}

/** Options of {@linkcode dependencyGraph}. */
export interface DependencyGraphOptions
  extends DependencyChannels, Omit<HelperOptions, "alignStart"> {
  /**
   * The tasks that determined when the run ended, in order, in the columns
   * "task" and "run", as from `criticalPath(db)`. They are marked.
   */
  criticalPath?: Rows | undefined;
  /**
   * Maximum number of tasks drawn as separate boxes, at any size. By default up
   * to 150, if they fit.
   */
  maxNodes?: number | undefined;
}

/**
 * Draws tasks and their dependencies: a box for each task, with its state as a
 * bar at the bottom, and an arrow from each task to the tasks that wait for it,
 * dashed from the inner tasks of a join app to that app. Takes the rows of
 * `taskGraph(db)` or similar ones: nodes with "task", and "app", "state" and
 * "run" if known; edges with "from" and "to", and "kind" and "run" if known.
 * Several runs are drawn below each other.
 *
 * If there are too many tasks, tasks of one app with the same dependencies and
 * the same dependents share a box with their number, and arrows have numbers
 * too; the caption says so.
 *
 * Returns a promise, because it loads Graphviz for the layout. The chart is at
 * least `width` wide, and wider if the graph needs it.
 *
 * @example
 * ```ts
 * import { dependencyGraph } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = await dependencyGraph({
 *   nodes: [
 *     { task: 0, app: "split", state: "exec_done" },
 *     { task: 1, app: "count", state: "failed" },
 *   ],
 *   edges: [{ from: 0, to: 1 }],
 * });
 * assert.match(chart.caption, /^2 tasks: 1 exec_done, 1 failed; 1 dependency/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export async function dependencyGraph(
  rows: DependencyRows,
  options: DependencyGraphOptions = {},
): Promise<Chart> {
  const graphviz = await loadGraphviz();
  const nodes = columnNamesOf(rows.nodes).rows;
  const { run } = readChannels(nodes, { run: options.run ?? ["run", null] });
  const runs = new Set(run.values.map((name) => String(name ?? "")));
  const facet = options.facet ??
    (runs.size < 2 ? undefined : options.run ?? "run");
  const kind = kindOf(columnNamesOf(rows.edges).rows, graphviz);
  return chartOf(nodes, { ...options, facet }, kind);
}

interface DependencyData extends FacetData, Dependencies {
  tasks: Task[];
  /** The groupings with at most so many groups, the finest first. */
  groupingsOf: (groups: number) => Grouping[];
  placed: PlacedGraph;
  groups: number;
}

const kindOf = (
  edges: Rows,
  graphviz: Graphviz,
): ChartKind<Task[], DependencyData, DependencyGraphOptions> => ({
  height: 0,
  read: (rows, options) => tasksOf(rows as Rows, options),
  derive(all, options) {
    const tasks = all.flat();
    const { of, names: states } = seriesOf(
      tasks.map(({ state }) => state),
      tasks.length,
    );
    tasks.forEach((task, i) => task.state = states[of[i]!]!);
    const path = tasksOf(options.criticalPath ?? [], {}).map(keyOf);
    const read = all.map((tasks) => {
      const found = dependenciesAmong(tasks, edges, options);
      // A layout in another width has the same groups.
      const known = new Map<number, Grouping[]>();
      const groupingsOf = (groups: number) =>
        known.getOrInsertComputed(
          groups,
          () =>
            groupings(tasks, found.dependencies, {
              groups,
              dependencies: maxGroupEdges,
            }),
        );
      return { tasks, ...found, groupingsOf };
    });
    const facets = placeFacets(
      options,
      (width) =>
        read.map((data): DependencyData => {
          const placed = placeTasks(
            data,
            { path, states, width, maxNodes: options.maxNodes },
            graphviz,
          );
          return {
            ...data,
            ...placed,
            minWidth: placed.placed.width,
            caption: captionOf(data, placed.groups, path, options),
          };
        }),
    );
    const color = colorScale(states, options);
    return {
      facets,
      title: "Tasks and their dependencies",
      color,
      legend: [
        ...legendOfNames(tasks.length ? states : [], color),
        ...edgeLegend(facets),
      ],
    };
  },
  draw: ({ placed }, options) => graphPanel(placed, options, "No tasks"),
});

/** Reads the tasks of nodes. */
function tasksOf(
  rows: Rows,
  { task = "task", app, state, run }: DependencyChannels,
): Task[] {
  const read = readChannels(rows, {
    task,
    app: app ?? ["app", null],
    state: state ?? ["state", null],
    run: run ?? ["run", null],
  });
  return Array.from({ length: read.length }, (_, i) => ({
    task: String(read.task.values[i]),
    app: String(read.app.values[i] ?? "task"),
    state: String(read.state.values[i] ?? "unknown"),
    run: String(read.run.values[i] ?? ""),
  }));
}

/** Tells a task from all others. */
const keyOf = ({ run, task }: Pick<Task, "run" | "task">): string =>
  `${run}\n${task}`;

interface Dependencies {
  dependencies: Dependency[];
  /** Number of edges between one of the tasks and one that is not there. */
  half: number;
  /** Number of edges between others. */
  other: number;
}

function dependenciesAmong(
  tasks: readonly Task[],
  rows: Rows,
  { run, from = "from", to = "to", kind }: DependencyChannels,
): Dependencies {
  const places = new Map(tasks.map((task, i) => [keyOf(task), i]));
  const read = readChannels(rows, {
    from,
    to,
    kind: kind ?? ["kind", null],
    run: run ?? ["run", null],
  });
  const found: Dependencies = { dependencies: [], half: 0, other: 0 };
  for (let i = 0; i < read.length; i++) {
    const run = String(read.run.values[i] ?? "");
    const place = (task: unknown) =>
      places.get(keyOf({ run, task: String(task) }));
    const [from, to] = [place(read.from.values[i]), place(read.to.values[i])];
    if (from !== undefined && to !== undefined) {
      const joins = read.kind.values[i] === "joins";
      found.dependencies.push({ from, to, joins });
    } else if (from === to) found.other++;
    else found.half++;
  }
  return found;
}

interface PlaceOptions {
  /** In pixels. */
  width: number;
  maxNodes: number | undefined;
  /** The keys of the tasks on the critical path, in order. */
  path: readonly string[];
  /** In the order of the legend. */
  states: readonly string[];
}

const maxHeight = 1400;
const maxTasks = 150;
const maxEdges = 250;
// Ever coarser: five groups fit, whatever is between them.
const maxGroups = [40, 20, 10, 5];
const maxGroupEdges = 100;

/**
 * Lays out each task on its own if they fit, or else in groups, as fine as they
 * fit.
 */
function placeTasks(
  { tasks, dependencies, groupingsOf }: Pick<
    DependencyData,
    "tasks" | "dependencies" | "groupingsOf"
  >,
  { width, maxNodes, path, states }: PlaceOptions,
  graphviz: Graphviz,
): { placed: PlacedGraph; groups: number } {
  const place = (grouping: Grouping) => {
    const graph = graphOf(grouping, tasks, path, states);
    return {
      placed: placeGraph(graph, width, graphviz),
      groups: grouping.groups.length,
    };
  };
  const fits = ({ placed }: { placed: PlacedGraph }) =>
    placed.width <= width && placed.height <= maxHeight;
  const isAsked = maxNodes !== undefined;
  if (
    tasks.length <= (maxNodes ?? maxTasks) &&
    (isAsked || dependencies.length <= maxEdges)
  ) {
    const each = place(ungrouped(tasks, dependencies));
    if (isAsked || fits(each)) return each;
  }
  let last: { placed: PlacedGraph; groups: number } | undefined;
  for (const groups of maxGroups) {
    for (const grouping of groupingsOf(groups)) {
      last = place(grouping);
      if (fits(last)) return last;
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
  const places = new Map<string, number>();
  if (path.length > 0) {
    groups.forEach((group, i) =>
      group.tasks.forEach((place) => places.set(keyOf(tasks[place]!), i))
    );
  }
  const marked = new Set(path.map((key) => places.get(key)));
  const steps = new Set(
    path.slice(1).map((key, i) => `${places.get(path[i]!)} ${places.get(key)}`),
  );
  return {
    nodes: groups.map(({ app, tasks: members }, i) => {
      const states = [
        ...Map.groupBy(members, (place) => tasks[place]!.state),
      ].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
      const isOne = members.length === 1;
      const note = isOne
        ? tasks[members[0]!]!.task.replace(/^\d+$/, "task $&")
        : counted(members.length, "task");
      return {
        name: String(i),
        title: app,
        note,
        shares: states.map(([name, { length }]) => ({
          name,
          share: length / members.length,
        })),
        marked: marked.has(i),
        tip: [
          app,
          note,
          ...states.map(([state, { length }]) =>
            isOne ? state : `${length.toLocaleString("en-US")} ${state}`
          ),
          ...(marked.has(i) ? ["on the critical path"] : []),
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

function captionOf(
  { tasks, dependencies, half, other }: Dependencies & { tasks: Task[] },
  groups: number,
  path: readonly string[],
  { facet }: DependencyGraphOptions,
): string {
  if (tasks.length === 0) return "No tasks.";
  const states = [...Map.groupBy(tasks, ({ state }) => state)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([state, { length }]) => `${length.toLocaleString("en-US")} ${state}`);
  const shown = states.length > 8
    ? [...states.slice(0, 7), `${states.length - 7} more states`]
    : states;
  const onPath = new Set(path);
  const marked = tasks.filter((task) => onPath.has(keyOf(task))).length;
  return [
    `${counted(tasks.length, "task")}: ${shown.join(", ")}; ` +
    `${counted(dependencies.length, "dependency")}.`,
    ...notes([marked, "task", "on the critical path"]),
    ...(groups < tasks.length
      ? [
        `Drawn as ${counted(groups, "group")} of tasks of one app with the ` +
        "same dependencies or the same dependents.",
      ]
      : []),
    ...notes([
      // Other facets have the others.
      half + (facet === undefined ? other : 0),
      "dependency",
      "on unknown tasks left out",
    ]),
  ].join(" ");
}

function edgeLegend(facets: readonly DependencyData[]): LegendEntry[] {
  const edges = facets.flatMap(({ placed }) => placed.edges);
  const nodes = facets.flatMap(({ placed }) => placed.nodes);
  const entries: LegendEntry[] = [];
  if (edges.some(({ dashed }) => !dashed)) {
    entries.push({ label: "waits for", color: edgeColor, shape: "line" });
  }
  if (edges.some(({ dashed }) => dashed)) {
    entries.push({ label: "joins", color: edgeColor, shape: "dashes" });
  }
  if (nodes.some(({ marked }) => marked)) {
    entries.push({ label: "critical path", color: style.ink, shape: "line" });
  }
  return entries;
}
