import type { Chart } from "dnpc/plots";
import { importRuninfo } from "dnpc/importers";
import {
  attempts,
  blockActivity,
  bottleneck,
  compare,
  coverage,
  criticalPath,
  relatedTypes,
  runs,
  spanTypes,
  taskGraph,
  tasks,
  whereIsEveryTask,
  workerActivity,
  workerStream,
  workerTime,
  workerUseOverTime,
} from "dnpc/questions";
import { type Database, openDatabase, sql } from "dnpc/sql";
import { inCheckout } from "../../../tools/checkout.ts";
import { keptImport } from "../../importers/kept_imports.ts";
import {
  blocksOverTime,
  busyWorkers,
  coverageMatrix,
  cumulativeDistribution,
  cumulativeFlow,
  dependencyGraph,
  durationBoxes,
  durationHeatmap,
  durationHistogram,
  durationQuantiles,
  durationsOverTime,
  eventRate,
  lifelines,
  metricSeries,
  runningSpans,
  spansInState,
  spanTypeGraph,
  stepComparison,
  stepDurations,
  taskStream,
  throughputLimits,
  timeline,
  twoEvents,
  typicalSequence,
  utilisationOverTime,
  waterfall,
  workerTimeBars,
} from "./charts.ts";

// Two monitored runs with killed managers; one of an older Parsl; one of Work
// Queue; and apps, workers and blocks that fail.
const sets = ["multi-htex.tar.gz", "tz", "wq", "failures.tar.gz"];

/** The answers that charts are drawn of. */
function answers(db: Database) {
  const all = runs(db);
  const { run } = all.at(-1)!;
  return {
    run,
    tasks: tasks(db),
    attempts: attempts(db),
    activity: workerActivity(db),
    workerTime: workerTime(db),
    workerUse: workerUseOverTime(db),
    blocks: blockActivity(db),
    stream: workerStream(db),
    bottleneck: bottleneck(db),
    places: db.query(sql`
      SELECT places.*, 'task ' || (span.attributes ->> 'task') AS task
      FROM (${whereIsEveryTask()}) AS places
      JOIN span ON span.id = root_id ORDER BY run, time`),
    comparison: all.length > 1 ? compare(db) : [],
    numbers: db.query(`
      SELECT time, value, metric AS series FROM metric
      WHERE value IS NOT NULL ORDER BY time LIMIT 2000`),
    coverage: coverage(db),
    relations: db.query(relatedTypes()),
    types: db.query(spanTypes()),
    graph: taskGraph(db, { run }),
    criticalPath: criticalPath(db, { run }),
  };
}

type Answers = ReturnType<typeof answers>;

const waits = { start: "launched", end: "started" };
const execution = { start: "started", end: "ended" };

const kinds: Record<string, (rows: Answers) => Chart | Promise<Chart>> = {
  twoEvents: ({ tasks }) => twoEvents(tasks, waits),
  "twoEvents of a run": ({ tasks, run }) =>
    twoEvents(tasks.filter((row) => row.run === run), execution),
  durationHistogram: ({ tasks }) => durationHistogram(tasks, execution),
  cumulativeDistribution: ({ tasks }) =>
    cumulativeDistribution(tasks, execution),
  durationsOverTime: ({ tasks }) => durationsOverTime(tasks, waits),
  durationQuantiles: ({ tasks }) => durationQuantiles(tasks, waits),
  durationHeatmap: ({ tasks }) => durationHeatmap(tasks, waits),
  durationBoxes: ({ attempts }) => durationBoxes(attempts),
  spansInState: ({ places }) => spansInState(places),
  runningSpans: ({ attempts }) =>
    runningSpans(attempts, { start: "start", end: "end", series: "app" }),
  eventRate: ({ tasks }) => eventRate(tasks, { time: "ended", series: "app" }),
  cumulativeFlow: ({ places }) => cumulativeFlow(places),
  timeline: ({ places }) => timeline(places, { span: "task" }),
  lifelines: ({ places }) => lifelines(places, { span: "task" }),
  busyWorkers: ({ activity }) => busyWorkers(activity),
  taskStream: ({ stream }) => taskStream(stream),
  blocksOverTime: ({ blocks }) => blocksOverTime(blocks),
  utilisationOverTime: ({ workerUse }) => utilisationOverTime(workerUse),
  workerTimeBars: ({ workerTime }) => workerTimeBars(workerTime),
  throughputLimits: ({ bottleneck }) => throughputLimits(bottleneck),
  typicalSequence: ({ places }) => typicalSequence(places),
  waterfall: ({ places }) => waterfall(places),
  stepDurations: ({ places }) => stepDurations(places),
  stepComparison: ({ comparison }) => stepComparison(comparison),
  metricSeries: ({ numbers }) => metricSeries(numbers, { series: "series" }),
  coverageMatrix: ({ coverage }) => coverageMatrix(coverage),
  spanTypeGraph: ({ relations, types }) => spanTypeGraph(relations, { types }),
  dependencyGraph: ({ graph, criticalPath }) =>
    dependencyGraph(graph, { criticalPath }),
};

const known = new Map<string, Promise<Answers>>();

const answersOf = (set: string): Promise<Answers> =>
  known.getOrInsertComputed(set, async () => {
    const path = inCheckout("tests", "fixtures", set);
    const kept = await keptImport(path, (db) => importRuninfo(db, path));
    using db = await openDatabase(kept.path);
    return answers(db);
  });

/** Every kind of chart, of real runs. */
export const realCases: Record<string, () => Promise<Chart>> = Object
  .fromEntries(
    sets.flatMap((set) =>
      Object.entries(kinds).map(([kind, draw]) => [
        `real ${set}, ${kind}`,
        async () => draw(await answersOf(set)),
      ])
    ),
  );
