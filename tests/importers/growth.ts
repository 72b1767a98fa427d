import { strict as assert } from "node:assert";

/**
 * Asserts that work on an input four times as long takes about four times as
 * long, where quadratic work would take 16 times. Repeats a slow measurement.
 */
export async function assertLinear(
  work: (size: number) => void | Promise<void>,
  size: number,
  claim = "",
): Promise<void> {
  const timeOf = async (size: number) => {
    const start = performance.now();
    await work(size);
    return performance.now() - start;
  };
  let ratio = Infinity;
  for (let tries = 0; ratio > 10 && tries < 5; tries++) {
    const long = await timeOf(4 * size);
    ratio = Math.min(ratio, long / Math.max(await timeOf(size), 0.5));
  }
  assert.ok(ratio <= 10, `${claim}: 4 times the input took ${ratio} times`);
}
