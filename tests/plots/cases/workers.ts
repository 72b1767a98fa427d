import type { Chart } from "dnpc/plots";
import {
  blocksOverTime,
  busyWorkers,
  taskStream,
  utilisationOverTime,
  workerTimeBars,
} from "./charts.ts";
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

const start = 1795344042;

/** Attempts of workers, `atOnce` of each worker at the same time. */
function attempts(workers: number, each: number, atOnce = 1) {
  const random = randomNumbers();
  return Array.from({ length: workers }, (_, worker) => {
    let time = start + random() * 20;
    return Array.from({ length: each }, (_, i) => {
      const from = time;
      const took = random() ** 2 * 20;
      time += took * (0.2 + random()) / atOnce;
      return {
        run: `00${worker % 2}`,
        block: String(worker >> 4),
        manager: `m${worker >> 2}`,
        worker: String(worker % 4),
        start: from,
        end: from + took,
        app: `app ${i % 5}`,
        task: String(worker * each + i),
        try: "0",
        outcome: i % 11 === 7 ? "failed" : i % 40 === 39 ? "lost" : "done",
      };
    });
  }).flat();
}

/** Uses of slots in bins of a second. */
function bins(count: number, of: readonly string[] = uses) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, bin) =>
    of.map((use, u) => ({
      run: "000",
      use,
      start: start + bin,
      end: start + bin + 1,
      slots: random() ** 3 * 20 / (u + 1),
    }))).flat();
}

/** Lives of blocks, two at a time, and the decisions to start and end them. */
function blocks(count: number) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, block) => {
    let time = start + (block >> 1) * 40;
    const own = { run: "000", executor: "htex", job: String(900 + block) };
    const rows = ["queued", "starting", "working", "idle", "working", "ending"]
      .map((state) => {
        const from = time;
        time += random() * 20;
        return {
          ...own,
          block: String(block),
          state,
          start: from,
          end: block === count - 1 && state === "ending" ? null : time,
          ended_as: block % 7 === 3 ? "FAILED" : "SCALED_IN",
          blocks: null as number | null,
        };
      });
    const decision = { ...rows[0]!, block: null, ended_as: null };
    return [
      ...rows,
      ...block % 2 ? [] : [
        { ...decision, state: "scaling out", end: rows[0]!.start, blocks: 2 },
        { ...decision, state: "scaling in", start: time, end: time, blocks: 1 },
      ],
    ];
  }).flat();
}

/** Charts of workers: their tasks, and what their time was used for. */
export const workerCases: Record<string, () => Chart> = {
  "stream, 8 workers of a run": () =>
    taskStream(attempts(16, 12).filter(({ run }) => run === "000")),
  "stream, two runs, at once": () => taskStream(attempts(12, 20, 3)),
  "stream, by outcome": () =>
    taskStream(attempts(9, 20), { facet: null, colorBy: "outcome" }),
  "stream, no rows": () => taskStream([]),
  "stream, one row": () => taskStream([["a", start, start + 2]]),
  "stream, of no length": () => taskStream([["a", start, start]]),
  "stream, open, negative, without a time, hostile": () =>
    taskStream([
      { worker: "a", start, end: start + 2, app: hostile, outcome: hostile },
      { worker: hostile, start: start + 4, end: start + 1, app: null },
      { worker: "b", start: start + 6, end: null, outcome: "lost" },
      { worker: "c", start: null, end: start + 1 },
    ]),
  "stream, many": () => taskStream(attempts(4800, many / 4800)),
  "stream, many at once": () => taskStream(attempts(100, many / 100, 20)),
  "stream, 12 facets": () =>
    taskStream(
      attempts(600, 20).map((row, i) => ({ ...row, facet: `part ${i % 12}` })),
      { facet: "facet", caption: "Twelve" },
    ),
  "workers, slots": () =>
    busyWorkers(
      attempts(6, 20).flatMap((row, i) => [
        { ...row, app: undefined, slot: i % 3, state: "busy" },
        { ...row, app: undefined, slot: 3, state: "transfer" },
      ]),
    ),
  "blocks, 12": () => blocksOverTime(blocks(12)),
  "blocks, no rows": () => blocksOverTime([]),
  "blocks, one row": () => blocksOverTime([["0", start, start + 2, "queued"]]),
  "blocks, nothing but decisions": () =>
    blocksOverTime(blocks(4).filter(({ block }) => block === null)),
  "blocks, hostile": () =>
    blocksOverTime([
      { block: hostile, start, end: start + 2, state: hostile, job: hostile },
      { block: null, start: start + 1, end: null, state: "scaling in" },
      { block: "b", start: start + 6, end: start, state: null },
      { block: "c", start: null, end: start + 1, state: "idle" },
    ]),
  "blocks, two executors in two runs": () =>
    blocksOverTime(
      blocks(8).flatMap((row) => [
        row,
        { ...row, executor: "beta" },
        { ...row, run: "001", start: row.start + 900, end: row.start + 910 },
      ]),
    ),
  "blocks, 12 facets": () =>
    blocksOverTime(
      blocks(600).map((row, i) => ({ ...row, part: `part ${i % 12}` })),
      { facet: "part", caption: "Twelve" },
    ),
  "blocks, many": () => blocksOverTime(blocks(many / 40)),
  "narrow: blocks": () => blocksOverTime(blocks(9), { width: 340 }),
  "utilisation, 40 bins": () => utilisationOverTime(bins(40)),
  "utilisation, no rows": () => utilisationOverTime([]),
  "utilisation, one row": () =>
    utilisationOverTime([["useful", start, start + 2, 3]]),
  "utilisation, nothing but zeros": () =>
    utilisationOverTime([["useful", start, start + 2, 0]]),
  "utilisation, shares": () =>
    utilisationOverTime(bins(60), { stack: "shares" }),
  "utilisation, hostile": () =>
    utilisationOverTime([
      [hostile, start, start + 2, 3],
      ["lost", start + 1, start + 2, 3],
      [null, start, null, 1],
      ["lost", start, start + 1, -1],
    ]),
  "utilisation, any uses": () =>
    utilisationOverTime(
      bins(50, Array.from({ length: 30 }, (_, i) => `use ${i}`)),
    ),
  "utilisation, 12 facets": () =>
    utilisationOverTime(
      bins(600).map((row, i) => ({ part: i % 12, ...row })),
      { facet: "part", caption: "Twelve" },
    ),
  "utilisation, many": () => utilisationOverTime(bins(many / uses.length)),
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
};
