import type { Database } from "dnpc/sql";
import { rows } from "./databases.ts";
import type { Files } from "./logs.ts";

/** A run that a test makes up. */
export interface MadeRun {
  /** The id in its parsl.log; without one it has no parsl.log. */
  id?: string;
  /** Where its times begin, in seconds. */
  start: number;
  /** Later runs of the same process, whose lines its parsl.log has, too. */
  later?: readonly MadeRun[];
}

/** A line as Parsl writes it, in a zone two hours behind UTC. */
function line(time: number, process: string, message: string): string {
  const local = new Date((time - 7200) * 1000).toISOString()
    .slice(0, 19).replace("T", " ");
  return `${time.toFixed(6)} ${local} ${process} MainThread-1 ` +
    `parsl.made:1 made INFO: ${message}\n`;
}

function parslLog({ id, start, later = [] }: MadeRun, count: number): string {
  // A log grows only at its end.
  const tasks = later.length > 0 ? 1 : count;
  const say = (after: number, message: string) =>
    line(start + after, "MainProcess-1", message);
  const ofTasks = Array.from(
    { length: tasks },
    (_, task) =>
      say(task + 1, `Task ${task} submitted for App top, not waiting`) +
      say(
        task + 1.1,
        `Parsl task ${task} try 0 launched on executor htex with executor id ` +
          `${task + 1}`,
      ) +
      say(task + 1.2, `Task ${task} changing state from pending to launched`),
  );
  return [
    say(0, "Parsl version: 2026.11.30"),
    say(0.1, `Run id is: ${id}`),
    ...ofTasks,
    ...later.map((run) => parslLog(run, count)),
  ].join("");
}

/** The logs of a run after so many tasks, by path in its directory. */
export function logsOfRun(run: MadeRun, tasks: number): Files {
  const { id, start } = run;
  const log = (process: string, ...messages: ((task: number) => string)[]) =>
    line(start + 0.5, process, "Log of a process of the executor begins here") +
    Array.from(
      { length: tasks },
      (_, i) =>
        messages.map((message) => line(start + i + 2, process, message(i + 1)))
          .join(""),
    ).join("");
  const manager = `manager${start}`;
  return {
    ...id === undefined ? {} : { "parsl.log": parslLog(run, tasks) },
    "htex/interchange.log": log(
      "Interchange-2",
      (task) => `Put task ${task} onto pending_task_queue`,
      (task) => `Sent tasks: [${task}] to manager b'${manager}'`,
    ),
    [`htex/block-0/${manager}/worker_0.log`]: log(
      "Worker-3",
      (task) => `Received executor task ${task}`,
      (task) => `Completed executor task ${task}`,
    ),
  };
}

/**
 * The content of each run directory, without its name: spans, events, metrics
 * and how they are related.
 */
export function contentOfRuns(db: Database): string[] {
  const named = rows(
    db,
    `SELECT DISTINCT attributes ->> 'rundir' FROM span
     WHERE attributes ->> 'rundir' IS NOT NULL`,
  ).flat().map(String).sort((a, b) => b.length - a.length);
  const span = (id: string) =>
    `(SELECT type || ' ' || substr(key, instr(key || '/', '/')) ||
        json_remove(attributes, '$.rundir')
      FROM span WHERE id = ${id})`;
  const rundir = (id: string) =>
    `(SELECT attributes ->> 'rundir' FROM span WHERE id = ${id})`;
  const found = rows(
    db,
    `SELECT ${rundir("one.id")}, ${span("one.id")}, implied, NULL, NULL, NULL
     FROM span AS one
     UNION ALL
     SELECT ${rundir("span_id")}, ${span("span_id")}, type, time, line,
       attributes FROM event
     UNION ALL
     SELECT ${rundir("span_id")}, ${span("span_id")}, name, time, line, value
     FROM metric
     UNION ALL
     SELECT ${rundir("superspan_id")}, ${span("superspan_id")},
       ${span("subspan_id")}, ${rundir("subspan_id")} = ${
      rundir("superspan_id")
    }, key, NULL FROM subspan`,
  );
  const byName = Map.groupBy(found, ([rundir]) => rundir);
  return named.map((name) =>
    byName.get(name)!.map(([, ...row]) => JSON.stringify(row)).sort().join("\n")
  ).sort();
}
