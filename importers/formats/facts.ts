import type { Rule } from "../../sql/mod.ts";
import type { EventType, RankedPlace } from "./format.ts";

/**
 * Places that are the same for all executors. The queues of executors have
 * ranks from 30 to 39.
 */
export const places = {
  dependencies: ["waiting on dependencies", 10],
  parsl: ["in the DFK", 20],
  manager: ["in a manager", 40],
  worker: ["in a worker", 50],
  returning: ["returning", 60],
  joining: ["joining", 70],
  done: ["done", 80],
  failed: ["failed", 90],
  retry: ["to be tried again", 100],
} as const satisfies Record<string, RankedPlace>;

/** A state that moves a task to a place. */
export const state = (
  event: string,
  place: RankedPlace,
  work?: EventType["work"],
): EventType => ({ event, place, ...work && { work } });

/** Rule: two spans describe the same entity if these attributes are equal. */
export const facet = (
  left: string,
  right: string,
  on: readonly string[],
): Rule => ({ facet: [left, right], on });

/**
 * Rule: a span is inside another one if these attributes are equal. The last of
 * them is its key there, unless given.
 */
export const inside = (
  outer: string,
  inner: string,
  on: readonly string[],
  key: string = on.at(-1)!,
): Rule => ({ subspan: [outer, inner], on, key });

/** As {@linkcode inside}, for spans that need not be inside any. */
export const mayBeInside = (...rule: Parameters<typeof inside>): Rule => (
  { ...inside(...rule), optional: true }
);
