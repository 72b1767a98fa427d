import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { panelsWidth } from "../drawing/figure.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { style } from "../drawing/style.ts";
import { edgeColor } from "./graph_marks.ts";
import { graphPanel } from "./graph_panel.ts";
import { loadGraphviz } from "./graphviz.ts";
import { type PlacedTasks, placeTasks } from "./place_tasks.ts";
import { wideEnough } from "./wide_enough.ts";
import type { Rows } from "../rows/channels.ts";
import { seriesOf } from "../rows/series.ts";
import {
  type DependencyChannels,
  type DependencyRows,
  held,
  keyOf,
  readTasks,
  type Tasks,
  tasksOf,
} from "./task_rows.ts";
import { counted } from "../chart/words.ts";

/** What {@linkcode dependencyGraph} takes beside its rows. */
export interface DependencyGraphOptions
  extends DependencyChannels, Omit<HelperOptions, "alignStart"> {
  /**
   * The tasks that determined when the run ended, in order, in the columns
   * "task" and "run": the rows of criticalPath(). They are marked.
   */
  criticalPath?: Rows | undefined;
  /**
   * How many tasks are drawn each on its own, however much room they take. If
   * not given, up to 150, where they fit.
   */
  mostNodes?: number | undefined;
}

/**
 * Tasks and what they wait for: a box for each task, with its state as a bar at
 * its foot, an arrow from what must end first to what waits for it, dashed from
 * the inner tasks of a join app to that. The rows are those of taskGraph(), or
 * alike: nodes with a "task", and an "app", "state" and "run" if they are known;
 * edges with "from", "to", and a "kind" and "run". Several runs are drawn each
 * in a plot of its own.
 *
 * Where there are too many, tasks of one app that wait for the same and that the
 * same wait for are one box with their number, and arrows have numbers too: the
 * caption says so.
 *
 * Graphviz lays it out, and is loaded for it: what comes back is a promise, which
 * a cell of a notebook awaits. The chart is as wide as it needs to be, and not
 * less than `width`.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export async function dependencyGraph(
  { nodes, edges }: DependencyRows,
  options: DependencyGraphOptions = {},
): Promise<Chart> {
  const graphviz = await loadGraphviz();
  const rows = { nodes: held(nodes), edges: held(edges) };
  const path = tasksOf(held(options.criticalPath ?? []), {}).map(keyOf);
  const all = tasksOf(rows.nodes, options);
  const runs = new Set(all.map(({ run }) => run));
  const { of, names: states } = seriesOf(
    all.map(({ state }) => state),
    all.length,
  );
  const shown = new Map(all.map(({ state }, i) => [state, states[of[i]!]!]));
  return wideEnough({
    ...options,
    facet: options.facet ?? (runs.size < 2 ? undefined : options.run ?? "run"),
  }, (options) => {
    let needed = 0;
    const read = (nodes: Rows | PlacedGraphOfTasks): PlacedGraphOfTasks => {
      const tasks = readTasks({ ...rows, nodes: nodes as Rows }, options);
      for (const task of tasks.tasks) task.state = shown.get(task.state)!;
      const placed = placeTasks(tasks, {
        width: panelsWidth(options.width),
        mostNodes: options.mostNodes,
        path,
        states,
      }, graphviz);
      needed = Math.max(needed, placed.placed.width);
      return { ...tasks, ...placed, path };
    };
    const chart = chartOf({ ...dependencyKind, read }, rows.nodes, options);
    return [chart, needed];
  });
}

interface PlacedGraphOfTasks extends Tasks, PlacedTasks {
  path: readonly string[];
}

const dependencyKind: Omit<
  OldChartKind<PlacedGraphOfTasks, DependencyGraphOptions>,
  "read"
> = {
  height: 0,
  share: (data, options) => ({
    ...options,
    color: colorScale(
      new Set(data.flatMap(({ tasks }) => tasks.map(({ state }) => state))),
      options,
    ),
  }),
  plots: ({ placed }, options) => [[graphPanel(placed, options, "No tasks")]],
  title: () => "Tasks and what they wait for",
  caption: captionOf,
  legend: legendOf,
};

function captionOf(
  { tasks, dependencies, groups, half, other, path }: PlacedGraphOfTasks,
  { facet }: DependencyGraphOptions,
): string {
  if (tasks.length === 0) return "No tasks.";
  const states = [...Map.groupBy(tasks, ({ state }) => state)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([state, { length }]) => `${length.toLocaleString("en-US")} ${state}`);
  const shown = states.length > 8
    ? [...states.slice(0, 7), `${states.length - 7} states more`]
    : states;
  const onPath = new Set(path);
  const marked = onPath.size === 0
    ? 0
    : tasks.filter((task) => onPath.has(keyOf(task))).length;
  const parts = [
    `${counted(tasks.length, "task")}: ${shown.join(", ")}; ` +
    `${counted(dependencies.length, "dependency", "dependencies")}.`,
  ];
  if (marked) parts.push(`${counted(marked, "task")} on the critical path.`);
  if (groups < tasks.length) {
    parts.push(
      `Drawn as ${
        counted(groups, "group")
      } of tasks of one app that wait for ` +
        "the same, or that the same wait for.",
    );
  }
  // Other facets have the others.
  const left = half + (facet === undefined ? other : 0);
  if (left) {
    parts.push(
      `${counted(left, "dependency", "dependencies")} on tasks that are not ` +
        "here left out.",
    );
  }
  return parts.join(" ");
}

function legendOf(
  data: readonly PlacedGraphOfTasks[],
  { color }: DependencyGraphOptions,
): LegendEntry[] {
  const states = new Set(
    data.flatMap(({ tasks }) => tasks.map(({ state }) => state)),
  );
  const edges = data.flatMap(({ placed }) => placed.edges);
  const entries = legendOfNames(states, color);
  if (edges.some(({ dashed }) => !dashed)) {
    entries.push({ label: "waits for", color: edgeColor, shape: "line" });
  }
  if (edges.some(({ dashed }) => dashed)) {
    entries.push({ label: "joins", color: edgeColor, shape: "dashes" });
  }
  if (data.some(({ placed }) => placed.nodes.some(({ marked }) => marked))) {
    entries.push({ label: "critical path", color: style.ink, shape: "line" });
  }
  return entries;
}
