import { type Chart, workerTimeBars } from "dnpc/plots";
import { many, randomNumbers } from "./random.ts";

const uses =
  "useful retried failed lost unfinished start-up transfer manager dispatch dependencies"
    .split(" ").concat("nothing queued", "unknown", "drain");
const hostile = `</text><script>alert("1")</script>&amp;'\0\ud800 ${
  "long ".repeat(40)
}`;

/** Time of workers, in a random order of sizes. */
function times(workers: number, of: readonly string[] = uses) {
  const random = randomNumbers();
  return Array.from({ length: workers }, (_, worker) =>
    of.map((use) => ({
      run: "000",
      block: worker >> 2,
      worker: worker % 4,
      use,
      seconds: random() ** 3 * 100,
    }))).flat();
}

/** Charts of the time of workers. */
export const workerCases: Record<string, () => Chart> = {
  "worker time, 8 workers": () => workerTimeBars(times(8)),
  "worker time, no rows": () => workerTimeBars([]),
  "worker time, one row": () => workerTimeBars([["000", "useful", 3]]),
  "worker time, nothing but zeros": () =>
    workerTimeBars([["000", "useful", 0], ["001", "lost", 0]]),
  "worker time, amounts": () => workerTimeBars(times(6), { scale: "amounts" }),
  "worker time, hostile": () =>
    workerTimeBars([[hostile, hostile, 1], [hostile, "lost", 2]]),
  "worker time, any parts": () =>
    workerTimeBars(
      times(5, Array.from({ length: 30 }, (_, i) => `part ${i}`)),
      {
        amount: (row: { seconds: number }) => row.seconds * 1e6,
        unit: "bytes",
      },
    ),
  "worker time, 12 facets": () =>
    workerTimeBars(
      times(600).map((row) => ({ part: row.block % 12, ...row })),
      { facet: "part", caption: "Twelve" },
    ),
  "worker time, many": () => workerTimeBars(times(many / uses.length)),
  "narrow: worker time": () => workerTimeBars(times(9), { width: 340 }),
};
