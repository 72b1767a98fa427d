// The header, or a line.
const beginning =
  /^\s*(?:# time (?:manager_pid|master[-_]pid) |\d{15,17} \d+ (?:MANAGER|MASTER|WORKER|CATEGORY|TASK|TRANSFER|LIBRARY|DUTY|APPLICATION) )/;

/** Whether a file is a transaction log, by its first bytes. */
export const isTransactions = (start: string): boolean => beginning.test(start);

// Only TaskVine's have libraries and caches, write a worker's address after the
// state, and name the worker of a task by its id.
const ofTaskVine =
  /^(?:#|\d+ \d+) .*(?:\b(?:LIBRARY|DUTY|CACHE[-_]UPDATE)|TASK task_id|TASK \d+ (?:READY|RUNNING [^\s:]+ )|WORKER \S+ (?:TRANSFER|CONNECTION [\w.:-]))/m;
const ofWorkQueue =
  /^(?:#|\d+ \d+) (?:time \S+ )?(?:MASTER|TASK taskid|MANAGER START$|TASK \d+ RUNNING \S+:\d+ |WORKER \S+ \S+:\d+ +(?:DIS)?CONNECTION|TRANSFER \w+ \d)/m;
const mayBeTaskVine = /^(?:#.* MANAGER manager_pid|\d+ \d+ MANAGER \d+) /m;

/**
 * The program that wrote a transaction log, by its first bytes; undefined if
 * both may have.
 */
export function writerOf(
  start: string,
): "taskvine" | "workqueue" | undefined {
  if (ofTaskVine.test(start)) return "taskvine";
  if (ofWorkQueue.test(start)) return "workqueue";
  return mayBeTaskVine.test(start) ? "taskvine" : undefined;
}
