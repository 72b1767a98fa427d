import { parslRules } from "dnpc/importers";
import {
  attempts,
  blockActivity,
  blocks,
  bottleneck,
  compare,
  compareSpans,
  coverage,
  criticalPath,
  durationFactors,
  durationsBy,
  eventCounts,
  eventSequences,
  eventsOf,
  failures,
  logVolume,
  nestedSpans,
  outlierRuns,
  queueLengths,
  relatedTypes,
  resourceUse,
  runs,
  runsOverTime,
  runTrends,
  spanLinks,
  spansBetween,
  spanTypes,
  statesOverTime,
  steps,
  story,
  summary,
  taskDependencies,
  taskGraph,
  tasks,
  timesBetween,
  utilisation,
  whereIsEveryTask,
  workerActivity,
  workerIdleTime,
  workerStream,
  workerTime,
  workerUseOverTime,
} from "dnpc/questions";
import { report } from "dnpc/report";
import { bind, type Database, implies, relabel, sql, widen } from "dnpc/sql";

const tasksOf = (app: string) =>
  sql`SELECT id FROM span
    WHERE type = 'parsl.rundir.task' AND attributes ->> 'app' = ${app}`;

/**
 * The questions to measure. The first prepares the database for the others; the
 * last three change it.
 */
export const questions: Record<string, (db: Database) => unknown> = {
  "bind": (db) => bind(db, parslRules),
  "spanTypes": (db) => db.query(spanTypes()),
  "relatedTypes": (db) => db.query(relatedTypes()),
  "nestedSpans": (db) => db.query(nestedSpans("parsl.rundir.task")),
  "steps": (db) => db.query(steps("parsl.rundir.task")),
  "eventsOf, named": (db) =>
    db.query(eventsOf("parsl.rundir.task", { events: "named" })),
  "eventsOf, all": (db) => db.query(eventsOf("parsl.rundir.task")),
  "eventSequences": (db) => eventSequences(db, "parsl.rundir.task"),
  "timesBetween": (db) =>
    db.query(timesBetween({
      from: "parsl.rundir.try/launched",
      to: "parsl.executor.htex.worker.task/worker_received_task",
    })),
  "statesOverTime": (db) => db.query(statesOverTime("parsl.rundir.try")),
  "spansBetween": (db) =>
    db.query(spansBetween({
      from: "parsl.rundir.try/launched",
      to: "parsl.rundir.try/exec_done",
    })),
  "eventCounts": (db) =>
    db.query(eventCounts({ event: "parsl.rundir.task/submitted" })),
  "runs": (db) => runs(db),
  "summary": (db) => summary(db),
  "failures": (db) => failures(db),
  "compare": (db) => compare(db, { by: "app" }),
  "runTrends": (db) => runTrends(db),
  "outlierRuns": (db) => outlierRuns(db),
  "runsOverTime": (db) => runsOverTime(db),
  "story": (db) => story(db, { task: "300" }),
  "compareSpans": (db) =>
    compareSpans(db, { app0: tasksOf("app0"), app1: tasksOf("app1") }),
  "logVolume": (db) => logVolume(db),
  "whereIsEveryTask": (db) => db.query(whereIsEveryTask()),
  "coverage": (db) => coverage(db),
  "spanLinks": (db) => db.query(spanLinks("parsl.rundir.task", "depends")),
  "taskDependencies": (db) => db.query(taskDependencies()),
  "taskGraph": (db) => taskGraph(db),
  "criticalPath": (db) => criticalPath(db),
  "tasks": (db) => tasks(db),
  "bottleneck": (db) => bottleneck(db),
  "durationFactors": (db) => durationFactors(db),
  "durationsBy": (db) => durationsBy(db),
  "queueLengths": (db) => queueLengths(db),
  "resourceUse": (db) => resourceUse(db),
  "attempts": (db) => attempts(db),
  "blocks": (db) => blocks(db),
  "blockActivity": (db) => blockActivity(db),
  "workerTime": (db) => workerTime(db),
  "workerUseOverTime": (db) => workerUseOverTime(db),
  "workerStream": (db) => workerStream(db),
  "workerActivity": (db) => workerActivity(db),
  "workerIdleTime": (db) => workerIdleTime(db),
  "utilisation": (db) => utilisation(db),
  "report": (db) => report(db),
  "widen": (db) => widen(db, { campaign: "spring" }),
  "relabel": (db) => relabel(db, { campaign: "season" }),
  "implies": (db) =>
    implies(db, [{ implies: ["season"], gives: ["executor"] }]),
};
