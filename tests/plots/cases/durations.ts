import type { Chart } from "dnpc/plots";
import {
  cumulativeDistribution,
  durationBoxes,
  durationHeatmap,
  durationHistogram,
  durationQuantiles,
  durationsOverTime,
  stepDurations,
  twoEvents,
  typicalSequence,
} from "./charts.ts";
import type { DurationOptions, Rows } from "dnpc/plots";
import { changesOfState, fixtureRows } from "../fixtures.ts";
import { many, randomNumbers } from "./random.ts";

const start = 1795344042;

/** Durations over many powers of ten, in this many series. */
function spread(count: number, series = 1) {
  const random = randomNumbers();
  return Array.from({ length: count }, () => {
    const launched = start + random() * 1000;
    const run = `run ${Math.floor(random() * series)}`;
    const seconds = 10 ** (random() * 4 - 2) * (run === "run 1" ? 3 : 1);
    return { launched, running: launched + seconds, run };
  });
}

const withZeros = [
  ...spread(300, 2),
  ...Array.from({ length: 30 }, (_, i) => ({
    launched: start + i * 30,
    running: start + i * 30 - i % 2,
    run: "run 0",
  })),
];
const hostile = `</text><script>alert("1")</script>&amp;'`;

/** Times and run of each try. */
const triesOfRuns =
  `SELECT task_try_time_launched AS launched, task_try_time_running AS running,
     run_id AS run FROM try`;

const charts = {
  histogram: durationHistogram,
  cumulative: cumulativeDistribution,
  "over time": durationsOverTime,
  quantiles: durationQuantiles,
  // A cell has spans of all series.
  heatmap: (
    rows: Rows,
    { series: _, ...options }: DurationOptions,
  ) => durationHeatmap(rows, options),
  "two events": twoEvents,
};

/** Charts of durations, with series and logarithmic axes. */
export const durationCases: Record<string, () => Chart> = Object.fromEntries(
  Object.entries(charts).flatMap(([name, draw]): [string, () => Chart][] => [
    [
      `${name}, wq, log`,
      () => draw(fixtureRows("wq", triesOfRuns), { log: true }),
    ],
    [`${name}, two series`, () => draw(spread(400, 2), { series: "run" })],
    [
      `${name}, two series, zeros, log`,
      () => draw(withZeros, { series: "run", log: true }),
    ],
    [
      `${name}, zeros, log`,
      () => draw(withZeros, { log: true, facet: null }),
    ],
    [
      `${name}, zeros, log, facets`,
      () => draw(withZeros, { facet: "run", log: true, caption: "Two runs" }),
    ],
    [`${name}, 200 series`, () => draw(spread(4000, 200), { series: "run" })],
    [`${name}, no rows, log`, () => draw([], { log: true })],
    [`${name}, no rows`, () => draw([], {})],
    [`${name}, one row, log`, () => draw([[0, 2]], { log: true })],
    [
      `${name}, nothing above zero, log`,
      () => draw([[5, 2], [5, 5]], { log: true }),
    ],
    [
      `${name}, all equal, log`,
      () =>
        draw(Array.from({ length: 9 }, (_, i) => [i, i + 2]), { log: true }),
    ],
    [
      `${name}, nothing but nulls, log`,
      () => draw([[null, 1, "a"], [1, null, "b"]], { log: true, series: 2 }),
    ],
    [
      `${name}, ten years, log`,
      () => draw([[0, 1e-6], [5, 3.2e8], [9, 80]], { log: true }),
    ],
    [
      `${name}, narrow, log`,
      () => draw([[0, 1.01], [5, 6.02], [9, 10.03]], { log: true }),
    ],
    [
      `${name}, hostile series`,
      () => draw([[0, 1, hostile], [1, 3, hostile + 1]], { series: 2 }),
    ],
  ]),
);

// The label of the median fits before the frame, but not before the 95%.
durationCases["histogram of few durations"] = () =>
  durationHistogram(
    [0.1, 0.5, 1.947, 1.96, 9.7, 9.8, 12.29].map((s) => [s]),
    { duration: 0, log: true },
  );
durationCases["two events, many, series"] = () =>
  twoEvents(spread(many, 3), { series: "run" });
durationCases["two events, many, 30 series, log"] = () =>
  twoEvents(spread(many, 30), { series: "run", log: true });
for (
  const [kind, draw] of Object.entries({ durationQuantiles, durationHeatmap })
) {
  for (const log of [false, true]) {
    const name = `${kind}, ${log ? "log" : "linear"}`;
    Object.assign(durationCases, {
      [`${name}, tz`]: () => draw(fixtureRows("tz", triesOfRuns), { log }),
      [`${name}, many`]: () => draw(spread(many), { log }),
      [`${name}, 12 facets`]: () =>
        draw(spread(20_000, 15), { log, facet: "run" }),
      [`${name}, negative`]: () => draw(withZeros, { log }),
      [`${name}, of no length`]: () =>
        draw(Array.from({ length: 50 }, () => [start, start]), { log }),
    });
  }
}

/** Durations of this many groups, some of which had not ended. */
const ofHosts = (rows: number, hosts: number) =>
  spread(rows).map(({ launched, running, run }, i) => ({
    host: `node-${i % hosts}.cluster.example.org`,
    run,
    start: launched,
    end: i % 97 === 0 ? null : running + i % hosts,
    unfinished: i % 50 === 1 ? 1 : 0,
  }));

Object.assign(durationCases, {
  "boxes, apps": () =>
    durationBoxes(
      fixtureRows(
        "tz",
        `SELECT task_func_name AS app, task_try_time_running AS start,
           task_try_time_returned AS end
         FROM try JOIN task USING (run_id, task_id)`,
      ),
    ),
  "boxes, 8 hosts": () => durationBoxes(ofHosts(400, 8), { by: "host" }),
  "boxes, 300 hosts, many": () =>
    durationBoxes(ofHosts(many, 300), { by: "host", max: 200, log: true }),
  "boxes, 12 facets": () =>
    durationBoxes(
      spread(20_000, 12).map((row, i) => ({ ...row, host: `n${i % 30}` })),
      { by: "host", start: "launched", end: "running" },
    ),
  "boxes, of no length": () =>
    durationBoxes(Array.from({ length: 50 }, (_, i) => [`app ${i % 3}`, 0])),
  "boxes, hostile": () => durationBoxes([[hostile, 1], [hostile + 1, 1e9]]),
  "boxes, none": () => durationBoxes([]),
});

const stages = ["pending", "launched", "running", "running_ended", "exec_done"];

/** Steps of this many spans in this many series. */
function lives(spans: number, names: readonly string[], series = 1) {
  const random = randomNumbers();
  return Array.from({ length: spans }, (_, task) => {
    let time = start + random() * 1000;
    return names.map((step) => {
      const row = { task, time, step, run: `run ${task % series}` };
      time += 10 ** (random() * 5 - 3);
      return row;
    });
  }).flat();
}

const manyStages = Array.from({ length: 200 }, (_, i) => `stage number ${i}`);

for (
  const [name, draw] of Object.entries({
    "step durations": stepDurations,
    "typical sequence": typicalSequence,
  })
) {
  Object.assign(durationCases, {
    [`${name}, wq`]: () => draw(fixtureRows("wq", changesOfState)),
    [`${name}, tz`]: () =>
      draw(fixtureRows("tz", changesOfState), { log: true }),
    [`${name}, linear`]: () => draw(lives(100, stages), { log: false }),
    [`${name}, two series`]: () =>
      draw(lives(100, stages, 2), { series: "run" }),
    [`${name}, 30 series, log`]: () =>
      draw(lives(300, stages, 30), { series: "run", log: true }),
    [`${name}, facets`]: () =>
      draw(lives(100, stages, 15), { facet: "run", caption: "Fifteen runs" }),
    [`${name}, 200 steps`]: () => draw(lives(300, manyStages)),
    [`${name}, many`]: () => draw(lives(many / 5, stages)),
    [`${name}, no rows`]: () => draw([]),
    [`${name}, one row`]: () => draw([[1, start, "pending"]]),
    [`${name}, one span`]: () => draw(lives(1, stages)),
    [`${name}, all at one time`]: () =>
      draw([[1, 5, "a"], [1, 5, "b"], [2, 5, "a"], [2, 5, "b"]]),
    [`${name}, nothing but nulls`]: () => draw([[1, null, "a"], [1, 5, null]]),
    [`${name}, changed places`]: () =>
      draw([
        ...lives(9, ["a", "b"]).map(({ task, ...row }) => ({
          task: task + 5,
          ...row,
        })),
        ...lives(3, ["b", "a"]),
      ]),
    [`${name}, ten years`]: () =>
      draw([[1, 0, "a"], [1, 3.2e8, "b"], [2, 0, "a"], [2, 1e-6, "b"]]),
    [`${name}, hostile`]: () =>
      draw([[1, 0, hostile], [1, 3, hostile + 1], [2, 0, hostile]], {
        series: () => hostile,
      }),
  });
}
for (const log of [false, true]) {
  const name = log ? "part of the axis, log" : "part of the axis";
  for (const domain of [[0.5, 20], [0, 20]]) {
    const x = { domain };
    Object.assign(durationCases, {
      [`histogram, ${name} from ${domain[0]}`]: () =>
        durationHistogram(withZeros, { log, x, facet: null }),
      [`cumulative, ${name} from ${domain[0]}`]: () =>
        cumulativeDistribution(withZeros, { log, x, series: "run" }),
      [`two events, ${name} from ${domain[0]}`]: () =>
        twoEvents(withZeros, { log, x, facet: null }),
      [`heatmap, ${name} from ${domain[0]}`]: () =>
        durationHeatmap(withZeros, { log, y: x, facet: null }),
    });
  }
}

durationCases["step durations, own axes"] = () =>
  stepDurations(fixtureRows("wq", changesOfState), { axes: "own" });
