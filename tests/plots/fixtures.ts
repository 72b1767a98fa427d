import { DatabaseSync } from "node:sqlite";
import { inCheckout } from "../../tools/checkout.ts";

/** Rows of a real monitoring.db, read without this library. */
export function fixtureRows<T extends object>(set: string, query: string): T[] {
  const path = inCheckout("tests", "fixtures", set, "runinfo", "monitoring.db");
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare(query).all() as T[];
}

/** Launch and start time of each try, as text in UTC. */
export const launchedAndRunning =
  `SELECT task_try_time_launched AS launched, task_try_time_running AS running
   FROM try`;

/** Every state change of every try. */
export const changesOfState =
  `SELECT run_id || '/' || task_id || '/' || try_id AS try,
     timestamp AS time, task_status_name AS state
   FROM status ORDER BY timestamp, rowid`;

/** Launch and return time of each try, as text in UTC. */
export const launchedAndReturned = `SELECT task_try_time_launched AS launched,
     task_try_time_returned AS returned FROM try`;

/** Memory reported by each try. */
export const memory =
  `SELECT timestamp AS time, psutil_process_memory_resident AS value,
     task_id || '/' || try_id AS try FROM resource`;
