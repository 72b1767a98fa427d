import type { Database } from "dnpc/sql";

/** What each run is called, by its id, or its directory if that is not known. */
export function runNames(db: Database): Map<string, string> {
  const rows = db.query<{ run: string | null; rundir: string | null }>(`
    SELECT DISTINCT attributes ->> 'run' AS run,
      attributes ->> 'rundir' AS rundir
    FROM span ORDER BY rundir`);
  const names = new Map<string, string>();
  for (const { run, rundir } of rows) {
    const directory = rundir?.split("/").at(-1);
    const id = run?.slice(0, 8);
    const key = run ?? rundir ?? "";
    if (names.has(key) && directory === undefined) continue;
    names.set(
      key,
      ["run", directory, id && `(${id})`].filter(Boolean).join(" "),
    );
  }
  return names;
}

/** The apps of tasks, by run and task. */
export function appsOfTasks(
  db: Database,
): (run: string, task: unknown) => string {
  const rows = db.query<{ run: string; task: string; app: string }>(`
    SELECT ifnull(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task, attributes ->> 'app' AS app
    FROM span
    WHERE type IN ('parsl.rundir.task', 'parsl.monitoring.task')
      AND attributes ->> 'app' IS NOT NULL`);
  const apps = new Map(
    rows.map(({ run, task, app }) => [`${run}/${task}`, app]),
  );
  return (run, task) =>
    apps.get(`${run}/${task}`) ?? (task === undefined ? "no task" : "task");
}
