import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";

/** Runs a test in a folder, with a function that imports it into a database. */
export const inRuninfo = (
  work: (
    folder: string,
    db: Database,
    read: (path?: string) => ReturnType<typeof importRuninfo>,
  ) => Promise<void>,
) =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    using db = await openDatabase(undefined, { engine: "native" });
    await work(
      folder,
      db,
      (path = "") =>
        importRuninfo(db, `${folder}/${path}`, { timeZone: "UTC" }),
    );
  });

export const remove = (path: string) => Deno.remove(path, { recursive: true });

/** By label, the run id, tasks, and tasks of workers. */
export const countsByRun = (db: Database) =>
  rows(
    db,
    `SELECT label, run.run_id,
       sum(type = 'parsl.rundir.task') AS tasks,
       sum(type = 'parsl.executor.htex.worker.task') AS worked
     FROM run JOIN run_label USING (id)
     JOIN span ON span.attributes ->> 'rundir' = run.rundir
     GROUP BY run.id ORDER BY began`,
  );
