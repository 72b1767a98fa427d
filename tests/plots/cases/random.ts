import { times } from "../../faults/figures.ts";

/**
 * How many rows a chart of many rows has: more than it can show one by one, and
 * a million where the whole suite of faults runs.
 */
export const many = times(60_000, 1_000_000);

/** Numbers from 0 to 1 that are the same in each run. */
export function randomNumbers(seed = 7): () => number {
  return () => (seed = seed * 16807 % 2147483647) / 2147483647;
}
