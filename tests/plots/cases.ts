import type { Chart } from "dnpc/plots";
import { spansInState, twoEvents } from "./cases/charts.ts";
import { durationCases } from "./cases/durations.ts";
import { flows } from "./cases/flows.ts";
import { graphCases } from "./cases/graphs.ts";
import { lineCases } from "./cases/lines.ts";
import { realCases } from "./cases/real.ts";
import { stepCases } from "./cases/steps.ts";
import { workerCases } from "./cases/workers.ts";
import { many, randomNumbers } from "./cases/random.ts";
import { changesOfState, fixtureRows, launchedAndRunning } from "./fixtures.ts";

export { randomNumbers };

/** Draws a chart, synchronously or not. */
export type Draw = () => Chart | Promise<Chart>;

const start = 1795344042;

/** Durations of up to `longest` seconds that start within `range` seconds. */
function durations(count: number, range: number, longest: number) {
  const random = randomNumbers();
  return Array.from({ length: count }, () => {
    const launched = start + random() * range;
    return { launched, running: launched + random() ** 2 * longest };
  });
}

/** Tasks that pass through `states` in order. */
function lives(count: number, range: number, states: readonly string[]) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, task) => {
    let time = start + random() * range;
    return states.map((state) => {
      const row = [task, time, state] as const;
      time += random() * range / states.length;
      return row;
    });
  }).flat();
}

const states = ["pending", "launched", "running", "running_ended", "exec_done"];
const manyStates = Array.from({ length: 200 }, (_, i) => `stage number ${i}`);

/** Charts of typical and unusual rows. */
export const cases: Record<string, Draw> = {
  ...durationCases,
  ...flows,
  ...stepCases,
  "two events, wq": () => twoEvents(fixtureRows("wq", launchedAndRunning)),
  "two events, tz": () => twoEvents(fixtureRows("tz", launchedAndRunning)),
  "two events, no rows": () => twoEvents([]),
  "two events, one row": () => twoEvents([[start, start + 0.5]]),
  "two events, all equal": () =>
    twoEvents(Array.from({ length: 50 }, (_, i) => [start + i, start + i + 2])),
  "two events, of no length": () =>
    twoEvents(Array.from({ length: 50 }, () => [start, start])),
  "two events, nothing but nulls": () => twoEvents([[null, 1], [1, null]]),
  "two events, negative": () =>
    twoEvents(
      durations(300, 100, 3).map((row) => ({
        ...row,
        running: row.running - 1,
      })),
    ),
  "two events, microseconds": () => twoEvents(durations(500, 0.01, 2e-5)),
  "two events, days": () =>
    twoEvents(durations(900, 20 * 86_400, 5 * 86_400), {
      from: "submitted to the batch system by the provider",
      to: "the job was seen running on its node",
    }),
  "two events, ten years": () =>
    twoEvents(durations(900, 3650 * 86_400, 300 * 86_400)),
  "two events, one far from all others": () =>
    twoEvents([...durations(3000, 3600, 0.01), {
      launched: start,
      running: start + 100,
    }]),
  "two events, part of the axis": () =>
    twoEvents(durations(900, 100, 10), { x: { domain: [0, 2] } }),
  "two events, 200": () => twoEvents(durations(200, 100, 10)),
  "two events, many": () => twoEvents(durations(many, 1e4, 100)),
  "states, wq": () => spansInState(fixtureRows("wq", changesOfState)),
  "states, tz": () => spansInState(fixtureRows("tz", changesOfState)),
  "states, no rows": () => spansInState([]),
  "states, one row": () => spansInState([[1, start, "running"]]),
  "states, 200 rows": () => spansInState(lives(40, 100, states)),
  "states, many": () => spansInState(lives(many / 5, 5000, states)),
  "states, 200 of them": () => spansInState(lives(300, 86_400, manyStates)),
  "states, clock": () =>
    spansInState(lives(300, 3 * 3600, states), { clock: true }),
  "states, ten years": () => spansInState(lives(300, 3650 * 86_400, states)),
  "states, part of the axis": () =>
    spansInState(lives(300, 100, states), {
      x: { domain: [start + 20, start + 40] },
    }),
  ...lineCases,
  ...workerCases,
  ...graphCases,
  ...realCases,
};
