import {
  coveredSeconds,
  type Interval,
  outside,
  unionOf,
  within,
} from "./intervals.ts";
import { gapsOf } from "./lanes.ts";
import type { WaitState } from "./worker_activity.ts";
import type { Worker } from "./worker.ts";

/** Divides a time without a task among the causes of waiting. */
type Divide = (
  gap: Interval,
  add: (cause: WaitState, seconds: number) => void,
) => void;

/**
 * Returns a function that divides times in which the slots of a worker waited
 * among the causes. Lists no interval of an executor once for each of its workers.
 */
export function causesOfWaiting(): (worker: Worker) => Divide {
  const sums = new Map<readonly Interval[], (gap: Interval) => number>();
  const sumOf = (list: readonly Interval[]) =>
    sums.getOrInsertComputed(list, coveredSeconds);
  const rests = new Map<readonly Interval[], readonly Interval[]>();
  return ({ transfers, held, queued = none, pending }) => {
    const isKnown = queued !== none;
    const own = unionOf([...transfers, ...held]);
    // Waiting for others counts only while nothing is queued.
    const rest = rests.getOrInsertComputed(
      pending,
      () => pending.flatMap((interval) => outside(interval, queued)),
    );
    const inOwn = coveredSeconds(own);
    const inTransfers = coveredSeconds(transfers);
    const inQueue = coveredSeconds(own.flatMap((part) => within(part, queued)));
    const inRest = coveredSeconds(own.flatMap((part) => within(part, rest)));
    return (gap, add) => {
      const transfer = inTransfers(gap);
      const manager = inOwn(gap) - transfer;
      const dispatch = sumOf(queued)(gap) - inQueue(gap);
      const dependencies = sumOf(rest)(gap) - inRest(gap);
      add("transfer", transfer);
      add("manager", manager);
      add("dispatch", dispatch);
      add("dependencies", dependencies);
      add(
        isKnown ? "nothing queued" : "unknown",
        gap[1] - gap[0] - transfer - manager - dispatch - dependencies,
      );
    };
  };
}

/** Returns a function for the seconds that the slots of a worker waited, by cause. */
export function waitingTimes(): (
  worker: Worker,
) => Record<WaitState, number> {
  const causesOf = causesOfWaiting();
  return (worker) => {
    const waits = {
      transfer: 0,
      manager: 0,
      dispatch: 0,
      dependencies: 0,
      "nothing queued": 0,
      unknown: 0,
    };
    const divide = causesOf(worker);
    for (const gap of worker.lanes.flatMap(gapsOf)) {
      divide(gap, (cause, seconds) => waits[cause] += seconds);
    }
    for (const [cause, seconds] of Object.entries(waits)) {
      // Rounding may leave less than nothing.
      waits[cause as WaitState] = Math.max(0, seconds);
    }
    return waits;
  };
}

const none: readonly Interval[] = [];
