// Over 300 lines: the chart with its columns, its groups and its texts.

// @ts-types="npm:@types/d3-array@3.2.2"
import { sort } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { count, counted, notes, sentences } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { helperOptionNames, type HelperOptions } from "../chart/chart_kind.ts";
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
} from "./dependency_groups.ts";
import type { Graph, PlacedGraph } from "./graph.ts";
import { graphChart } from "./graph_chart.ts";

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
  checkOptions("dependencyGraph", options, {
    task: true,
    app: true,
    state: true,
    run: true,
    from: true,
    to: true,
    kind: true,
    criticalPath: true,
    maxNodes: true,
    ...helperOptionNames,
  });
  const { maxNodes, criticalPath = [] } = options;
  const nodes = columnNamesOf(rows.nodes).rows;
  const edges = columnNamesOf(rows.edges).rows;
  const { run } = readChannels(nodes, { run: options.run ?? ["run", null] });
  const runs = new Set(run.values.map((name) => String(name ?? "")));
  const facet = options.facet === undefined && runs.size > 1
    ? options.run ?? "run"
    : options.facet;
  return await graphChart(nodes, { ...options, facet }, {
    title: "Which tasks waited for which?",
    empty: "No tasks",
    edges: ["waits for", "joins"],
    read: (rows) => tasksOf(rows, options),
    derive(all, place) {
      const path = tasksOf(criticalPath, {}).map(({ key }) => key);
      const tasks = all.flat();
      const { of, names } = seriesOf(
        tasks.map(({ state }) => state),
        tasks.length,
      );
      tasks.forEach((task, i) => task.state = names[of[i]!]!);
      const facets = all.map((tasks) => {
        const found = dependenciesAmong(tasks, edges, options);
        const { dependencies } = found;
        // Individual tasks if they fit, else the finest groups that fit.
        const isAsked = tasks.length <= (maxNodes ?? -1);
        const isSmall = dependencies.length <= maxEdges &&
          tasks.length <= (maxNodes ?? maxTasks);
        // Computed on demand and shared by layouts of other widths.
        const known: (Grouping | undefined)[] = [];
        const more = groupings(tasks, dependencies, isAsked || isSmall);
        return (width: number) => {
          let placed: PlacedGraph | undefined;
          let groups = 0;
          for (let i = 0;; i++) {
            const grouping = known[i] ??= more.next().value;
            if (!grouping) break;
            groups = grouping.groups.length;
            placed = place(graphOfGroups(grouping, path, names), width);
            const { height, width: needed } = placed;
            if (isAsked || needed <= width && height <= maxHeight) break;
          }
          const caption = captionOf(
            tasks,
            dependencies.length,
            // Other facets have the others.
            found.half + (facet === undefined ? found.other : 0),
            groups,
            path,
          );
          return { placed: placed!, caption };
        };
      });
      return { names: tasks.length ? names : [], facets };
    },
  });
}

const maxHeight = 1400;
const maxTasks = 150;
const maxEdges = 250;

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
    key: keyOf(read.run.values[i], read.task.values[i]),
    task: String(read.task.values[i]),
    app: String(read.app.values[i] ?? "task"),
    state: String(read.state.values[i] ?? "unknown"),
  }));
}

const keyOf = (run: unknown, task: unknown): string => `${run ?? ""}\n${task}`;

function dependenciesAmong(
  tasks: readonly Task[],
  rows: Rows,
  { run, from = "from", to = "to", kind }: DependencyChannels,
) {
  const places = new Map(tasks.map(({ key }, i) => [key, i]));
  const read = readChannels(rows, {
    from,
    to,
    kind: kind ?? ["kind", null],
    run: run ?? ["run", null],
  });
  const dependencies: Dependency[] = [];
  /** Edges between a task and one that is not there, and between others. */
  let [half, other] = [0, 0];
  for (let i = 0; i < read.length; i++) {
    const [from, to] = [read.from, read.to].map(({ values }) =>
      places.get(keyOf(read.run.values[i], values[i]))
    );
    if (from !== undefined && to !== undefined) {
      const joins = read.kind.values[i] === "joins";
      dependencies.push({ from, to, joins });
    } else if (from === to) other++;
    else half++;
  }
  return { dependencies, half, other };
}

function graphOfGroups(
  { groups, dependencies }: Grouping,
  path: readonly string[],
  order: readonly string[],
): Graph {
  const places = new Map(
    (path.length ? groups : [])
      .flatMap(({ tasks }, i) => tasks.map(({ key }) => [key, i])),
  );
  const marked = new Set(path.map((key) => places.get(key)));
  const steps = new Set(
    path.slice(1).map((key, i) => `${places.get(path[i]!)} ${places.get(key)}`),
  );
  return {
    nodes: groups.map(({ app, tasks }, i) => {
      const states = sort(
        Map.groupBy(tasks, ({ state }) => state),
        ([state]) => order.indexOf(state),
      );
      const isOne = tasks.length === 1;
      const note = isOne
        ? tasks[0]!.task.replace(/^\d+$/, "task $&")
        : counted(tasks.length, "task");
      return {
        name: String(i),
        title: app,
        note,
        shares: states.map(([name, { length }]) => ({
          name,
          share: length / tasks.length,
        })),
        marked: marked.has(i),
        tip: [
          app,
          note,
          ...states.map(([state, { length }]) =>
            isOne ? state : `${count(length)} ${state}`
          ),
          ...(marked.has(i) ? ["on the critical path"] : []),
        ].join("\n"),
      };
    }),
    edges: dependencies.map(({ from, to, joins, count: number }) => ({
      from: String(from),
      to: String(to),
      label: number > 1 ? count(number) : undefined,
      dashed: joins,
      marked: steps.has(`${from} ${to}`),
    })),
  };
}

function captionOf(
  tasks: readonly Task[],
  dependencies: number,
  left: number,
  groups: number,
  path: readonly string[],
): string {
  if (tasks.length === 0) return "No tasks.";
  const states = [...Map.groupBy(tasks, ({ state }) => state)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([state, { length }]) => `${count(length)} ${state}`);
  const shown = states.length > 8
    ? [...states.slice(0, 7), `${states.length - 7} more states`]
    : states;
  const onPath = new Set(path);
  const marked = tasks.filter(({ key }) => onPath.has(key)).length;
  return sentences(
    `${counted(tasks.length, "task")}: ${shown.join(", ")}; ` +
      `${counted(dependencies, "dependency")}.`,
    notes([marked, "task", "on the critical path"]),
    groups < tasks.length &&
      `Drawn as ${
          counted(groups, "group")
        } of tasks of one app with the same ` +
        "dependencies or the same dependents.",
    notes([left, "dependency", "on unknown tasks left out"]),
  );
}
