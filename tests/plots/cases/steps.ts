import type { Chart } from "dnpc/plots";
import { changesOfState, fixtureRows } from "../fixtures.ts";
import { stepComparison, waterfall } from "./charts.ts";
import { many, randomNumbers } from "./random.ts";

const places = [
  ["waiting on dependencies", 3.5],
  ["in the DFK", 0.0014],
  ["in the interchange", 3.9],
  ["in a manager", 0.39],
  ["in a worker", 0.29],
  ["returning", 0.097],
  ["to be tried again", 0.00001],
] as const;

const hostile = `</text><script>alert("1")</script>&amp;'\0\ud800 ${
  "long ".repeat(40)
}`;

/** Means of runs in each place. */
function means(runs: number) {
  const random = randomNumbers();
  return Array.from(
    { length: runs },
    (_, run) =>
      places.map(([step, mean]) => ({
        step,
        run: String(run).padStart(3, "0"),
        mean_per_task: mean * (run === 0 ? 1 : 0.7 + random()),
      })),
  ).flat();
}

/** Versions with some runs each; the spread grows with the mean. */
const versions = (groups: number) =>
  means(groups).map(({ run, mean_per_task, ...row }, i) => ({
    ...row,
    mean_per_task,
    group: `2026.0${run}`,
    stddev: 0.3 * mean_per_task,
    exceeds_spread: i % 2,
  }));

const start = 1795344042;

/** Tasks that pass through the places. */
function lives(tasks: number) {
  const random = randomNumbers();
  return Array.from({ length: tasks }, (_, task) => {
    let time = start + random() * 100;
    return [...places, ["done", 0] as const].map(([state, mean]) => {
      const row = { task, time, state, run: `00${task % 2}` };
      time += mean * random() * 2;
      return row;
    });
  }).flat();
}

/** Charts of the steps of a task, and of how they differ between runs. */
export const stepCases: Record<string, () => Chart> = {
  "waterfall, tz": () => waterfall(fixtureRows("tz", changesOfState)),
  "waterfall, two runs": () => waterfall(lives(60)),
  "waterfall, no rows": () => waterfall([]),
  "waterfall, one row": () => waterfall([[1, start, "pending"]]),
  "waterfall, of no length": () =>
    waterfall([[1, start, "pending"], [1, start, "running"]]),
  "waterfall, hostile": () =>
    waterfall([
      [1, start, hostile],
      [1, start + 2, `${hostile} 2`],
      [1, start + 1, "c"],
      [2, null, null],
    ]),
  "waterfall, 30 steps": () =>
    waterfall(
      Array.from({ length: 300 }, (_, i) => [
        i % 10,
        start + i + (i % 7),
        `step ${Math.floor(i / 10)}`,
      ]),
    ),
  "waterfall, many": () => waterfall(lives(many / 8)),
  "narrow: waterfall": () => waterfall(lives(50), { width: 340 }),
  "steps, two runs": () => stepComparison(means(2)),
  "steps, five runs": () => stepComparison(means(5)),
  "steps, 20 runs": () => stepComparison(means(20)),
  "steps, repeated runs": () => stepComparison(versions(3)),
  "steps, many repeated runs": () => stepComparison(versions(20)),
  "narrow: steps": () => stepComparison(versions(3), { width: 340 }),
  "steps, no rows": () => stepComparison([]),
  "steps, one row": () => stepComparison([["in a worker", "000", 3]]),
  "steps, nothing but zeros": () =>
    stepComparison([["a", "000", 0], ["a", "001", 0]]),
  "steps, negative": () =>
    stepComparison([["a", "000", -1], ["a", "001", 2], ["b", "001", 1]]),
  "steps, hostile": () =>
    stepComparison([[hostile, hostile, 1], [hostile, "001", 2]]),
  "steps, facets": () =>
    stepComparison(
      means(3).map((row, i) => ({ ...row, app: `app ${i % 2}` })),
      { facet: "app" },
    ),
};
