import { type Chart, phasesOf } from "dnpc/plots";
import { busyWorkers, coverageMatrix, lifelines, timeline } from "./charts.ts";
import { changesOfState, fixtureRows } from "../fixtures.ts";
import { many, randomNumbers } from "./random.ts";

const start = 1795344042;

/** Spans that pass through `steps` in order. */
function lives(count: number, range: number, steps: readonly string[]) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, task) => {
    let time = start + random() * range;
    return steps.map((state) => {
      const row = { task, time, state };
      time += random() ** 3 * range / steps.length;
      return row;
    });
  }).flat();
}

/** Consecutive tasks of workers. */
function tasks(workers: number, each: number, range: number) {
  const random = randomNumbers();
  return Array.from({ length: workers }, (_, worker) => {
    let time = start + random() * range / 10;
    return Array.from({ length: each }, (_, i) => {
      const from = time + random() * 0.2 * range / each;
      time = from + random() * range / each;
      return {
        run: "0",
        block: worker >> 6,
        manager: worker >> 3,
        worker,
        start: from,
        end: time,
        app: `app ${i % 5}`,
      };
    });
  }).flat();
}

const steps = ["pending", "launched", "running", "running_ended", "exec_done"];
const six = ["unsched", ...steps];
const manyStates = Array.from({ length: 200 }, (_, i) => `stage number ${i}`);
const hostile = `</text><script>alert("1")</script>&amp;'\0\ud800 ${
  "long ".repeat(40)
}`;
const shares = (runs: number, of: number) =>
  Array.from({ length: runs * of }, (_, i) => ({
    run: `/scratch/campaign/runinfo/${Math.floor(i / of)}`,
    step: `step number ${i % of}`,
    share: i % 7 === 0 ? 0 : i % 5 === 0 ? null : (i % 11) / 10,
  }));

/** Charts with a line per span. */
export const lineCases: Record<string, () => Chart> = {
  "timeline, tz": () => timeline(fixtureRows("tz", changesOfState)),
  "timeline, wq": () => timeline(fixtureRows("wq", changesOfState)),
  "timeline, no rows": () => timeline([]),
  "timeline, one row": () => timeline([["a", start, start + 1, "running"]]),
  "timeline, one of no length": () => timeline([["a", start, start, "x"]]),
  "timeline, nothing but nulls": () => timeline([["a", null, null, null]]),
  "timeline, open ends and negative": () =>
    timeline([
      ["first", start, null, "running"],
      ["second", start + 3, start + 1, "running"],
      ["third", start + 1, start + 5, null],
      ["third", start + 5, start + 9, "done"],
      [null, start + 2, undefined, "running"],
    ]),
  "timeline, without phases, in lanes": () =>
    timeline(
      tasks(3, 30, 100).map(({ worker, start, end }, i) => [
        `worker ${worker}`,
        start,
        end + i % 5,
      ]),
    ),
  "timeline, 200 lines": () => timeline(lives(200, 100, steps)),
  "timeline, 200 states": () => timeline(lives(300, 86_400, manyStates)),
  "timeline, 26,000 of six phases": () =>
    timeline(phasesOf(lives(26_000, 3600, six))),
  "timeline, many": () => timeline(lives(many / 5, 5000, steps)),
  "timeline, ten years": () => timeline(lives(30, 3650 * 86_400, steps)),
  "timeline, hostile": () =>
    timeline([[hostile, start, start + 1, hostile]], {
      of: hostile,
      title: "x",
    }),
  "timeline, part of the axis": () =>
    timeline(lives(60, 100, steps), {
      x: { domain: [start + 20, start + 40] },
      order: "name",
    }),
  "timeline, facets": () =>
    timeline(
      lives(60, 100, steps).map((row) => ({
        ...row,
        run: `run ${row.task % 2}`,
        time: row.time + 500 * (row.task % 2),
      })),
      { facet: "run", caption: "Runs" },
    ),
  "workers, 20": () => busyWorkers(tasks(20, 30, 100)),
  "workers, no rows": () => busyWorkers([]),
  "workers, one row": () => busyWorkers([["a", start, start + 2]]),
  "workers, of no length": () => busyWorkers([["a", start, start]]),
  "workers, open, negative, without a time, overlapping": () =>
    busyWorkers([
      { worker: "a", start: start, end: start + 2 },
      { worker: "a", start: start + 1, end: start + 4 },
      { worker: "b", start: start + 4, end: start + 1 },
      { worker: "b", start: start + 6, end: null },
      { worker: "c", start: null, end: start + 1 },
      { worker: hostile, start, end: start + 8 },
    ]),
  "workers, activity": () =>
    busyWorkers(
      tasks(8, 12, 60).flatMap((row) => [
        { ...row, app: undefined, state: "busy" },
        { ...row, state: "dispatch", start: row.end, end: row.end + 1 },
      ]).map(({ app: _, ...row }) => row),
    ),
  "workers, facets": () =>
    busyWorkers(
      tasks(12, 12, 60).map((row) => ({
        ...row,
        run: `run ${row.worker % 2}`,
      })),
      { facet: "run", caption: "Runs" },
    ),
  "workers, 3,000": () => busyWorkers(tasks(3000, 10, 3600)),
  "workers, many": () => busyWorkers(tasks(many / 200, 200, 36_000)),
  "lifelines, tz": () => lifelines(fixtureRows("tz", changesOfState)),
  "lifelines, no rows": () => lifelines([]),
  "lifelines, one row": () => lifelines([[1, start, "running"]]),
  "lifelines, one span": () => lifelines(lives(1, 100, steps)),
  "lifelines, all at once": () =>
    lifelines([[1, start, "a"], [1, start, "b"], [2, start, "b"]]),
  "lifelines, nulls": () => lifelines([[1, null, "a"], [2, start, null]]),
  "lifelines, 200": () => lifelines(lives(200, 100, steps)),
  "lifelines, series": () =>
    lifelines(
      lives(2000, 100, steps).map((row) => ({
        ...row,
        run: `run ${row.task % 3}`,
        time: row.time + (row.task % 3) * (row.state === "running" ? 20 : 0),
      })),
      { series: "run" },
    ),
  "lifelines, facets": () =>
    lifelines(
      lives(400, 100, steps).map((row) => ({ ...row, run: row.task % 2 })),
      { facet: "run", caption: "Runs" },
    ),
  "lifelines, 200 steps": () => lifelines(lives(300, 86_400, manyStates)),
  "lifelines, 5,000 steps": () =>
    lifelines(
      lives(
        30,
        86_400,
        Array.from({ length: 5000 }, (_, i) => `step ${i}`),
      ),
    ),
  "lifelines, many": () => lifelines(lives(many / 5, 5000, steps)),
  "lifelines, hostile": () =>
    lifelines([[hostile, start, hostile], [hostile, start + 1, "b"]]),
  "lifelines, part of the axis": () =>
    lifelines(lives(500, 100, steps), { x: { domain: [0, 5] } }),
  "coverage, three runs": () => coverageMatrix(shares(3, 12)),
  "coverage, no rows": () => coverageMatrix([]),
  "coverage, one row": () => coverageMatrix([["a", "pending", 1]]),
  "coverage, nearly": () =>
    coverageMatrix([["a", "x", 0.999], ["a", "y", 0.001], ["b", "y", null]]),
  "coverage, hostile": () => coverageMatrix([[hostile, hostile, 0]]),
  "coverage, 20 runs": () => coverageMatrix(shares(20, 33)),
  "coverage, 1,000 runs of 60 steps": () => coverageMatrix(shares(1000, 60)),
  "coverage, 200 steps": () => coverageMatrix(shares(4, 200)),
  "timeline, 12 facets": () => timeline(facets(lives(6000, 3600, six)), twelve),
  "workers, 12 facets": () => busyWorkers(facets(tasks(600, 60, 3600)), twelve),
  "lifelines, 12 facets": () =>
    lifelines(facets(lives(6000, 3600, six)), twelve),
};

const twelve = { facet: "facet", caption: "Twelve" };

/** The rows of tasks or workers, divided into twelve facets. */
function facets<Row extends { task?: number; worker?: number }>(rows: Row[]) {
  return rows.map((row) => ({
    ...row,
    facet: `part ${(row.task ?? row.worker ?? 0) % 12}`,
  }));
}
