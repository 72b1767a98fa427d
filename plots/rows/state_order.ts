/**
 * States that workflow systems name, and places of a task by their last word, in
 * the order of their formats. The data alone cannot tell: in a run that has not
 * ended, most tasks may stay where they only wait.
 */
const going = `unsched pending dependencies READY WAITING submitted launched DFK
  executor_submitted allocated sent PENDING queued interchange_queued interchange
  Queue TaskVine interchange_to_manager manager_got_task manager
  worker_received_task START running worker RUNNING
  worker_completed_task worker_all_finished_task worker_died running_ended
  WAITING_RETRIEVAL RETRIEVED interchange_removing_task executor_completed
  returning joining`;
const ended = `exec_done memo_done done DONE COMPLETED dep_fail failed FAILED
  CANCELED CANCELLED TIMEOUT SCALED_IN MISSING fail_retryable`;
// A task that is to be tried again has not ended.
const places = [going, ended, "again"].map((words) => words.split(/\s+/));
const ranks = new Map(places.flat().map((word, rank) => [word, rank]));
const endedNames = new Set(places[1]);

/** The last word of a name without its type: "launched (rundir.try)". */
export const wordOf = (name: string): string =>
  name.replace(/ \([^()]*\)$/, "").split(/[ ./:]/).at(-1)!;

/** Whether a span ends in a state; undefined for a state of no known name. */
export function isEnded(name: string): boolean | undefined {
  const word = wordOf(name);
  return ranks.has(word) ? endedNames.has(word) : undefined;
}

/**
 * Puts states with known names in their own order, on the places that they have
 * among the others: an order by the data, as numbers of the names.
 */
export function inKnownOrder(
  order: readonly number[],
  names: readonly string[],
): number[] {
  const rankOf = (s: number) => ranks.get(wordOf(names[s]!));
  const known = order.filter((s) => rankOf(s) !== undefined)
    .sort((a, b) => rankOf(a)! - rankOf(b)!);
  return order.map((s) => rankOf(s) === undefined ? s : known.shift()!);
}
