/** Numbers from 0 to 1 that are the same in each run. */
export function randomNumbers(seed = 7): () => number {
  return () => (seed = seed * 16807 % 2147483647) / 2147483647;
}
