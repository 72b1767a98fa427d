import type { Chart } from "dnpc/plots";
import { dependencyGraph, spanTypeGraph } from "./charts.ts";
import { fannedOut, fixtureGraph, typesOfSpans } from "../graphs.ts";

const { relations, types } = typesOfSpans;
const hostile = `</text><script>alert("1")</script>\\N\\"&amp;'\0\ud800`;

function randomGraph(tasks: number, edges: number, apps: number) {
  let seed = 7;
  const random = (below: number) =>
    Math.floor((seed = seed * 16807 % 2147483647) / 2147483647 * below);
  const states = ["exec_done", "failed", "running", "pending"];
  return {
    nodes: Array.from({ length: tasks }, (_, task) => ({
      task,
      app: `app number ${random(apps)}`,
      state: states[random(4)],
    })),
    edges: Array.from({ length: edges }, () => ({
      from: random(tasks),
      to: random(tasks),
      kind: random(9) === 0 ? "joins" : "depends",
    })),
  };
}

const chain = (length: number) => ({
  nodes: Array.from({ length }, (_, task) => ({ task, app: "step" })),
  edges: Array.from({ length: length - 1 }, (_, i) => ({ from: i, to: i + 1 })),
});

/** Charts of graphs. */
export const graphCases: Record<string, () => Promise<Chart>> = {
  "types of span, wq": () => spanTypeGraph(relations, { types }),
  "types of span, none": () => spanTypeGraph([]),
  "types of span, one": () => spanTypeGraph([], { types: [["task", 3]] }),
  "types of span, hostile": () =>
    spanTypeGraph([[hostile, "holds", `${hostile}.b`, 2]], {
      types: [["javascript:alert(1)", 1], ["\\N\\G", 1], ["", 0]],
    }),
  "types of span, each holds each": () =>
    spanTypeGraph(
      Array.from({ length: 64 }, (_, i) => [
        `component.${i % 8}.task`,
        i % 5 === 0 ? "equals" : "holds",
        `component.${i >> 3}.task`,
        i * 1000,
      ]),
    ),
  "tasks, wq": () => dependencyGraph(fixtureGraph("wq")),
  "tasks, tz": () => dependencyGraph(fixtureGraph("tz")),
  "tasks, fanned out": () =>
    dependencyGraph(fannedOut(), {
      criticalPath: ["split", "align 4", "call 4", "merge"]
        .map((task) => ({ task })),
    }),
  "tasks, none": () => dependencyGraph({ nodes: [], edges: [] }),
  "tasks, one": () => dependencyGraph({ nodes: [{ task: 1 }], edges: [] }),
  "tasks, in a circle": () =>
    dependencyGraph({
      nodes: [{ task: 1 }, { task: 2 }],
      edges: [[1, 2], [2, 1], [1, 1], [1, 99]]
        .map(([from, to]) => ({ from, to })),
    }),
  "tasks, one after the other": () => dependencyGraph(chain(300)),
  "tasks, each of a chain": () =>
    dependencyGraph(chain(40), { maxNodes: 40, width: 400 }),
  "tasks, two runs": () => {
    const { nodes, edges } = fixtureGraph("tz");
    const of = (run: string) => (row: object) => ({ ...row, run });
    return dependencyGraph({
      nodes: [...nodes.map(of("first")), ...nodes.map(of("second"))],
      edges: [...edges.map(of("first")), ...edges.map(of("second"))],
    });
  },
  "tasks, 150 and 400 edges": () => dependencyGraph(randomGraph(150, 400, 9)),
  "tasks, 26,000 of 200 apps": () =>
    dependencyGraph(randomGraph(26_000, 80_000, 200)),
  "tasks, 200 states": () =>
    dependencyGraph({
      nodes: Array.from({ length: 4000 }, (_, task) => ({
        task,
        app: `app ${task % 7}`,
        state: `state number ${task % 200}`,
      })),
      edges: [],
    }),
  "tasks, hostile": () =>
    dependencyGraph({
      nodes: [
        { task: hostile, app: hostile, state: hostile },
        { task: "javascript:alert(1)", app: "\\N \\G", state: null },
      ],
      edges: [{ from: hostile, to: "javascript:alert(1)", kind: hostile }],
    }),
};
