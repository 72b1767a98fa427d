import { times } from "../../faults/figures.ts";

/**
 * Number of rows of a large chart: more than it can show individually, and a
 * million in the whole suite of faults.
 */
export const many = times(60_000, 1_000_000);

/** Reproducible random numbers from 0 to 1. */
export function randomNumbers(seed = 7): () => number {
  return () => (seed = seed * 16807 % 2147483647) / 2147483647;
}
