import {
  type Chart,
  metricSeries,
  runningCounts,
  runningSpans,
  spansInState,
  stateCounts,
} from "dnpc/plots";
import assert from "node:assert/strict";

const changes = [
  { task: "a", time: 0, state: "waiting", memory_mb: 600 },
  { task: "b", time: 1, state: "waiting", memory_mb: "300" },
  { task: "c", time: 1, state: "waiting", memory_mb: null },
  { task: "a", time: 2, state: "running", memory_mb: 600 },
  { task: "b", time: 4, state: "running", memory_mb: 300 },
  { task: "a", time: 5, state: null, memory_mb: 600 },
  { task: "b", time: 8, state: null, memory_mb: null },
];
const weight = "memory_mb";

const labelOf = (chart: Chart) => chart.options.y?.label;

Deno.test("stateCounts() adds up weights", () => {
  const { steps, peak, unweighted } = stateCounts(changes, { weight });
  assert.deepEqual(
    steps.map(({ series, time, until, value }) => [series, time, until, value]),
    [
      ["running", 2, 4, 600],
      ["running", 4, 5, 900],
      ["running", 5, 8, 300],
      ["waiting", 0, 1, 600],
      ["waiting", 1, 2, 900],
      ["waiting", 2, 4, 300],
    ],
  );
  assert.deepEqual([peak, unweighted], [900, 1]);
});

Deno.test("stateCounts() follows a weight that changes within a state", () => {
  const { steps } = stateCounts([
    ["a", 0, "running", 2],
    ["a", 3, "running", 5],
    ["a", 4, null, 5],
  ], { weight: 3 });
  assert.deepEqual(
    steps.map(({ time, until, value }) => [time, until, value]),
    [[0, 3, 2], [3, 4, 5]],
  );
});

Deno.test("spansInState() says what its weights are, and their unit", () => {
  const chart = spansInState(changes, { weight });
  assert.equal(labelOf(chart), "memory of spans in state (MB)");
  assert.equal(
    chart.caption,
    "3 spans in 2 states, at most 900 MB of memory at once. " +
      "1 span without a weight counted as 0.",
  );
  assert.equal(
    chart.options.tips?.()[1]?.text,
    "1 s\nwaiting: 900 MB",
  );
  assert.match(chart.svg, />How much memory did spans in each state have\?</);
  const labels = {
    lines: "memory of spans in state (MB)",
    shares: "share of the memory of spans in any state (%)",
    streamgraph: "memory (MB) of spans in state (thickness)",
  } as const;
  for (const [stack, label] of Object.entries(labels)) {
    const options = { weight, stack: stack as keyof typeof labels };
    assert.equal(labelOf(spansInState(changes, options)), label);
  }
});

Deno.test("spansInState() scales bytes, and weighs by a function", () => {
  const chart = spansInState(changes, {
    weight: ({ memory_mb }) => memory_mb * 2 ** 20,
    unit: "bytes",
  });
  assert.equal(labelOf(chart), "weight of spans in state (MB)");
  assert.match(chart.caption, /at most 943\.7 MB of weight at once/);
});

const spans = [
  { start: 0, end: 4, cores: 4, app: "top" },
  { start: 1, end: 3, cores: 2, app: "left" },
  { start: 2, end: 3, app: "left" },
];

Deno.test("runningCounts() adds up weights", () => {
  const { steps, total, unweighted } = runningCounts(spans, {
    weight: "cores",
  });
  assert.deepEqual(
    steps.map(({ time, until, value }) => [time, until, value]),
    [[0, 1, 4], [1, 2, 6], [2, 3, 6], [3, 4, 4]],
  );
  assert.deepEqual([total.peak, total.mean, total.seconds], [6, 5, 20]);
  assert.deepEqual([total.spans, unweighted], [3, 1]);
});

Deno.test("runningSpans() says what its weights are", () => {
  const chart = runningSpans(spans, { weight: "cores", series: "app" });
  assert.equal(labelOf(chart), "cores of spans running at once");
  assert.equal(
    chart.caption,
    "3 spans: at most 6 cores at once, 5 on average. " +
      "1 span without a weight counted as 0.",
  );
});

Deno.test("metricSeries() takes the unit from the name of the column", () => {
  const rows = [{ time: 0, memory_mb: 600 }, { time: 1, memory_mb: 900 }];
  const chart = metricSeries(rows);
  assert.equal(labelOf(chart), "memory (MB)");
  assert.match(chart.caption, /maximum 900 MB\./);
  assert.equal(labelOf(metricSeries(rows, { unit: "GB" })), "memory (GB)");
});
