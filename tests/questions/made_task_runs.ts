import { bind, type Database } from "dnpc/sql";
import { addKnownSpans, type TestSpan } from "../sql/spans.ts";

/** A run of two tasks, whose queue varies. */
function madeRun(
  { rundir, start, queue = 2, end = "exec_done", states = [] }: {
    rundir: string;
    start: number;
    queue?: number;
    version?: string | null;
    /** How the first task ended. */
    end?: string;
    /** Of a third task. */
    states?: NonNullable<TestSpan["events"]>;
  },
): TestSpan[] {
  const of = (type: string, task: number, events: TestSpan["events"]) => ({
    type,
    attributes: { rundir, run: rundir, task: String(task), try: "0" },
    events: events!.map(([time, name]) => [start + time!, name] as const),
  });
  const work = "parsl.executor.htex.worker.task";
  return [
    {
      type: "parsl.rundir.workflow",
      attributes: { rundir, run: rundir },
    },
    ...[0, 1].flatMap((task) => [
      of("parsl.rundir.task", task, [[0, "submitted"]]),
      of("parsl.rundir.try", task, [
        ...[[0, "pending"], [1, "launched"]] as const,
        [1 + queue + 4, task === 0 ? end : "exec_done"],
      ]),
      of(work, task, [
        [1 + queue, "worker_received_task"],
        [1 + queue + 3, "worker_completed_task"],
      ]),
    ]),
    ...states.length
      ? [
        of("parsl.rundir.task", 2, [[0, "submitted"]]),
        of("parsl.rundir.try", 2, states),
      ]
      : [],
  ];
}

/** Writes runs as their logs would, with the names of their directories. */
export function addRuns(
  db: Database,
  ...runs: Parameters<typeof madeRun>[0][]
) {
  addKnownSpans(db, runs.flatMap(madeRun));
  for (const { rundir, start, version = null } of runs) {
    db.run(
      `INSERT INTO run (rundir, run_id, began, ended, parsl_version)
      VALUES (?, ?, ?, ?, ?)`,
      [rundir, rundir, start, start + 10, version],
    );
  }
  bind(db, [
    {
      subspan: ["parsl.rundir.task", "parsl.rundir.try"],
      on: ["rundir", "task"],
      key: "try",
    },
    {
      subspan: ["parsl.rundir.try", "parsl.executor.htex.worker.task"],
      on: ["rundir", "task", "try"],
      key: "task",
    },
  ]);
}
