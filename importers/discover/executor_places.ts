import type { Database } from "../../sql/mod.ts";
import { hasTable } from "../store/has_table.ts";
import type { FoundFile } from "./find_files.ts";

/**
 * Corrects the places of logs of executors whose label contains "/" and whose
 * directories are therefore deeper in the run directory. The labels come from a
 * parsl.log among the files or from earlier imports.
 */
export function placeInExecutors(
  db: Database,
  files: readonly FoundFile[],
): void {
  const executors = [
    ...earlierExecutors(db),
    ...files.flatMap(({ log, run }) =>
      (run?.executors ?? []).filter(isDeep)
        .map((executor) => ({ rundir: log!.place.rundir, executor }))
    ),
  ];
  if (executors.length === 0) return;
  for (const { path, log } of files) {
    if (log?.place.executor === undefined) continue;
    const within = executors.find(({ rundir, executor }) =>
      path.startsWith(`${rundir}/${executor}/`)
    );
    if (!within) continue;
    const { rundir, executor } = within;
    const rest = path.slice(`${rundir}/${executor}/`.length);
    const place = log.format.place?.(`${rundir}/label/${rest}`);
    if (place) log.place = { ...place, path, executor };
  }
}

const isDeep = (label: string) => label.includes("/");

const earlierExecutors = (db: Database) =>
  !hasTable(db, "span") ? [] : db.query<{ rundir: string; executor: string }>(
    `SELECT attributes ->> 'rundir' AS rundir,
       attributes ->> 'executor' AS executor
     FROM span WHERE type = 'parsl.executor'
       AND attributes ->> 'executor' LIKE '%/%'`,
  );
