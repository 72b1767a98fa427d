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

/**
 * Returns a function for the seconds that the slots of a worker waited, by cause.
 * Lists no interval of an executor once for each of its workers.
 */
export function waitingTimes(): (
  worker: Worker,
) => Record<WaitState, number> {
  const sums = new Map<readonly Interval[], (gap: Interval) => number>();
  const sumOf = (list: readonly Interval[]) =>
    sums.getOrInsertComputed(list, coveredSeconds);
  const rests = new Map<readonly Interval[], readonly Interval[]>();
  return ({ lanes, transfers, held, queued = none, pending }) => {
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
    const waits = {
      transfer: 0,
      manager: 0,
      dispatch: 0,
      dependencies: 0,
      "nothing queued": 0,
      unknown: 0,
    };
    for (const gap of lanes.flatMap(gapsOf)) {
      const transfer = inTransfers(gap);
      const manager = inOwn(gap) - transfer;
      const dispatch = sumOf(queued)(gap) - inQueue(gap);
      const dependencies = sumOf(rest)(gap) - inRest(gap);
      waits.transfer += transfer;
      waits.manager += manager;
      waits.dispatch += dispatch;
      waits.dependencies += dependencies;
      waits[isKnown ? "nothing queued" : "unknown"] += gap[1] - gap[0] -
        transfer - manager - dispatch - dependencies;
    }
    for (const [cause, seconds] of Object.entries(waits)) {
      // Rounding may leave less than nothing.
      waits[cause as WaitState] = Math.max(0, seconds);
    }
    return waits;
  };
}

const none: readonly Interval[] = [];
