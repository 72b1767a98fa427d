import type { Database } from "../../sql/mod.ts";
import { htexWorkers } from "./htex_workers.ts";
import { type Interval, outside, union } from "./intervals.ts";
import { queueWorkers } from "./queue_workers.ts";
import {
  levels,
  type Work,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";

/** The workers of all executors, in the order of their names. */
export function readWorkers(db: Database, options: WorkerOptions): Worker[] {
  const workers = [
    ...htexWorkers(db, options),
    ...queueWorkers(db, "workqueue", options),
    ...queueWorkers(db, "taskvine", options),
  ];
  return workers.sort(byName)
    .map((worker) => ({ ...worker, work: inTurn(worker) }));
}

/** When a worker had no task. */
export function gapsOf({ life, work }: Worker): Interval[] {
  return outside(life, union(work.map(({ interval }) => interval)));
}

// Of two tasks at once, the time that both had is of the first.
function inTurn({ life, work }: Worker): Work[] {
  const found: Work[] = [];
  let since = life[0];
  for (const { interval: [start, end], ...of } of work) {
    const from = Math.max(start, since);
    const to = Math.min(end, life[1]);
    if (from < to) found.push({ interval: [from, to], ...of });
    since = Math.max(since, to);
  }
  return found;
}

const { compare } = new Intl.Collator("en", { numeric: true });

function byName(a: WorkerName, b: WorkerName): number {
  for (const level of levels) {
    const order = compare(a[level] ?? "", b[level] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
