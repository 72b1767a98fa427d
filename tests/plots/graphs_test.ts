import {
  type Chart,
  dependencyGraph,
  layoutGraph,
  spanTypeDot,
  spanTypeGraph,
} from "dnpc/plots";
import assert from "node:assert/strict";
import { fannedOut, fixtureGraph, typesOfSpans } from "./graphs.ts";

/** The texts of a chart in document order. */
const textsOf = ({ svg }: Chart) =>
  svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g).map(([, text]) => text).toArray();

const { relations, types } = typesOfSpans;

Deno.test("spanTypeGraph() draws each type once, with the numbers of pairs", async () => {
  const chart = await spanTypeGraph(relations, { types });
  const texts = textsOf(chart);
  for (const name of ["rundir.task", "monitoring.try", "workqueue.manager"]) {
    assert.equal(texts.filter((text) => text === name).length, 1, name);
  }
  // Five edges have 104 pairs, and three types have 104 spans.
  assert.equal(texts.filter((text) => text === "104").length, 5);
  assert.equal(texts.filter((text) => text === "104 spans").length, 3);
  assert.equal(
    chart.caption,
    "9 types of span: 6 nested pairs, 3 equal pairs. " +
      "Numbers count pairs of spans.",
  );
});

Deno.test("spanTypeDot() quotes any type name", async () => {
  const type = 'a"];\\N\n}\x1b<b>';
  const dot = spanTypeDot([], { types: [[type, 1]] });
  assert.match(dot, /\\n1 span"\];\n\}\n$/);
  assert.ok(dot.includes('"a\\"];\\\\N\\n}\ufffd<b>"'));
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const svg = (await Graphviz.load()).layout(dot, "svg", "dot");
  assert.match(svg, /a&quot;\];\\N/);
  assert.doesNotMatch(svg, /<b>/);
});

// sqlite3 tests/fixtures/wq/runinfo/monitoring.db: SELECT count(*) FROM task
// gives 104; of tz 62. tr -cd , <<< and wc -w of task_depends: 46 and 27.
for (const [set, tasks, edges] of [["wq", 104, 46], ["tz", 62, 27]] as const) {
  Deno.test(`dependencyGraph() draws each task and edge of ${set}`, async () => {
    const rows = fixtureGraph(set);
    const chart = await dependencyGraph(rows);
    const numbers = textsOf(chart).filter((text) => /^task \d+$/.test(text!));
    assert.equal(numbers.length, tasks);
    assert.equal(new Set(numbers).size, tasks);
    assert.match(chart.caption, new RegExp(`^${tasks} tasks: `));
    assert.match(chart.caption, new RegExp(`; ${edges} dependencies\\.$`));
    const turned = await dependencyGraph({
      nodes: rows.nodes.toReversed(),
      edges: rows.edges.toReversed(),
    });
    assert.deepEqual(
      textsOf(turned).slice(0, -1).sort(),
      textsOf(chart).slice(0, -1).sort(),
    );
  });
}

Deno.test("dependencyGraph() draws a large graph as groups, with every task counted", async () => {
  const chart = await dependencyGraph(fannedOut());
  const texts = textsOf(chart);
  assert.equal(texts.filter((text) => text === "1,000 tasks").length, 2);
  assert.equal(texts.filter((text) => text === "1,000").length, 3);
  assert.match(chart.caption, /^2,002 tasks: 1,715 exec_done, 144 dep_fail,/);
  assert.match(chart.caption, /; 3,000 dependencies\. Drawn as 4 groups/);
  assert.ok(chart.svg.length < 10_000);
});

Deno.test("dependencyGraph() marks the critical path and its edges", async () => {
  const nodes = ["a", "b", "c"].map((task) => ({ task }));
  const edges = [{ from: "a", to: "b" }, { from: "b", to: "c" }];
  const thick = async (path: string[]) => {
    const { svg } = await dependencyGraph({ nodes, edges }, {
      criticalPath: path.map((task) => ({ task })),
    });
    return svg.matchAll(/<g[^>]*stroke-width="2.25"[^>]*>(.*?)<\/g>/g)
      .flatMap(([, group]) => group!.match(/<(rect|path)/g) ?? []).toArray();
  };
  assert.deepEqual(await thick([]), []);
  assert.deepEqual((await thick(["b", "c"])).sort(), [
    "<path",
    "<rect",
    "<rect",
  ]);
});

Deno.test("dependencyGraph() counts edges to unknown tasks", async () => {
  const chart = await dependencyGraph({
    nodes: [{ task: 1 }],
    edges: [{ from: 9, to: 1 }, { from: 8, to: 7 }],
  });
  assert.match(chart.caption, /2 dependencies on unknown tasks left/);
});

Deno.test("dependencyGraph() separates tasks with equal numbers in different runs", async () => {
  const nodes = ["x", "y"].flatMap((run) =>
    [0, 1].map((task) => ({ run, task }))
  );
  const chart = await dependencyGraph({
    nodes,
    edges: [{ run: "y", from: 0, to: 1 }],
  });
  const texts = textsOf(chart);
  assert.ok(texts.includes("2 tasks: 2 unknown; 0 dependencies."));
  assert.ok(texts.includes("2 tasks: 2 unknown; 1 dependency."));
});

Deno.test("dependencyGraph() names a missing column", async () => {
  await assert.rejects(
    () => dependencyGraph({ nodes: [{ name: "a" }], edges: [] }),
    { name: "TypeError", message: /no column "task"\. They have name/ },
  );
});

Deno.test("a graph chart shows each task in a tip", async () => {
  const chart = await dependencyGraph(fixtureGraph("tz"));
  const tips = /data-tips="([^"]*)"/.exec(chart.html({ fragment: true }))![1]!;
  assert.ok(tips.includes("task 61\\nexec_done"));
});

Deno.test("layoutGraph() places nodes without overlap", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `node ${i}`);
  const { nodes, width, height } = await layoutGraph({
    nodes: names.map((name) => ({ name, title: name, note: "a note" })),
    edges: names.slice(1).map((to, i) => ({ from: names[i >> 1]!, to })),
  });
  assert.equal(nodes.length, 60);
  nodes.forEach((a, i) => {
    assert.ok(a.x - a.width / 2 >= 0 && a.x + a.width / 2 <= width);
    assert.ok(a.y - a.height / 2 >= 0 && a.y + a.height / 2 <= height);
    for (const b of nodes.slice(i + 1)) {
      const apart = Math.abs(a.x - b.x) >= (a.width + b.width) / 2 ||
        Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
      assert.ok(apart, `${a.name} overlaps ${b.name}`);
    }
  });
});

Deno.test("spanTypeGraph() draws the types of each run", async () => {
  const rows = [
    {
      type: "task",
      relation: "holds",
      related: "try",
      pairs: 3,
      run: "before",
    },
    { type: "task", relation: "holds", related: "try", pairs: 4, run: "after" },
    {
      type: "try",
      relation: "holds",
      related: "block",
      pairs: 5,
      run: "after",
    },
  ];
  function* once() {
    yield* rows;
  }
  const { svg, options } = await spanTypeGraph(once(), { facet: "run" });
  assert.deepEqual(
    options.panels?.map(({ heading, note }) => [heading, note]),
    [
      [
        "run before",
        "2 types of span: 1 nested pair, 0 equal pairs. " +
        "Numbers count pairs of spans.",
      ],
      [
        "run after",
        "3 types of span: 2 nested pairs, 0 equal pairs. " +
        "Numbers count pairs of spans.",
      ],
    ],
  );
  // Once in the legend, once in a graph.
  assert.equal(svg.match(/>block</g)?.length, 2);
  await assert.rejects(
    spanTypeGraph(rows, { facet: "run", types: [["task", 3]] }),
    TypeError,
  );
});
