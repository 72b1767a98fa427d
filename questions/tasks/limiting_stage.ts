/** A stage on the way of a task that can limit the throughput. */
export type LimitingStage =
  | "submission"
  | "dependencies"
  | "dispatch"
  | "workers"
  | "return";

/** The stages in the order of the way. */
export const limitingStages: readonly LimitingStage[] = [
  "submission",
  "dependencies",
  "dispatch",
  "workers",
  "return",
];

/** Numbers of tries and workers at one moment. */
export interface Waiting {
  /** Tries that wait for their dependencies. */
  pending: number;
  /** Tries that wait to be launched, to reach a worker, and to return. */
  toLaunch: number;
  toDispatch: number;
  toReturn: number;
  /** Tries in workers. */
  running: number;
  /** Workers that live; undefined if unknown. */
  workers: number | undefined;
}

/** The share of each stage in limiting the throughput. */
export type Shares = Record<LimitingStage, number>;

/**
 * Decides which stages limit the throughput of an executor at one moment. The
 * shares add up to 1; undefined if the logs do not tell.
 */
export function limitingShares(
  { pending, toLaunch, toDispatch, toReturn, running, workers }: Waiting,
): Shares | undefined {
  if (workers === undefined && toDispatch > 0) return undefined;
  const waiting = toLaunch + toDispatch;
  if (workers === 0 && waiting > 0) return { ...none, workers: 1 };
  // A worker of a queue may run several tasks.
  const busy = Math.min(running, workers ?? running);
  const missing = (workers ?? Infinity) - busy - toDispatch;
  if (workers !== undefined && waiting > 0 && missing <= 0) {
    if (toReturn > Math.max(waiting, workers)) return { ...none, return: 1 };
    const used = busy / workers;
    return { ...none, workers: used, dispatch: 1 - used };
  }
  // The executor has too few tasks.
  const launch = toLaunch === 0 ? 0 : Math.min(toLaunch / missing, 1);
  const returned = toReturn === 0
    ? 0
    : (1 - launch) * toReturn / (toReturn + running);
  const rest = 1 - launch - returned;
  return pending > 0
    ? { ...none, submission: launch, dependencies: rest, return: returned }
    : { ...none, submission: launch + rest, return: returned };
}

const none: Shares = {
  submission: 0,
  dependencies: 0,
  dispatch: 0,
  workers: 0,
  return: 0,
};
