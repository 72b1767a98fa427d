import type { Chart } from "dnpc/plots";
import { stepComparison } from "./charts.ts";
import { randomNumbers } from "./random.ts";

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

/** Charts that compare the steps of runs. */
export const stepCases: Record<string, () => Chart> = {
  "steps, two runs": () => stepComparison(means(2)),
  "steps, five runs": () => stepComparison(means(5)),
  "steps, 20 runs": () => stepComparison(means(20)),
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
