import { strict as assert } from "node:assert";
import process from "node:process";

/** Processor time of work in this process, in microseconds. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Processor time in microseconds that is far above what the runtime adds. */
const minCost = 20_000;

/**
 * Asserts that work on an input four times as long takes less than eight times
 * the processor time; quadratic work takes 16 times. Processor time does not
 * depend on the load of the machine. Short work is repeated, and a larger ratio
 * measured again.
 *
 * @param work returns its processor time in microseconds if another process
 * does it, or if preparing it is not to count
 * @param size large enough for the work to take much longer than its preparation
 */
export async function assertLinear(
  work: (size: number) => unknown,
  size: number,
  claim = "",
): Promise<void> {
  let isElsewhere = false;
  const costOf = async (size: number, repeats = 1) => {
    const before = process.cpuUsage();
    let elsewhere = 0;
    for (let i = 0; i < repeats; i++) {
      const cost = await work(size);
      isElsewhere = typeof cost === "number";
      if (isElsewhere) elsewhere += Number(cost);
    }
    const { user, system } = process.cpuUsage(before);
    return elsewhere || user + system;
  };
  let ratio = Infinity;
  for (let tries = 0; ratio >= 8 && tries < 3; tries++) {
    const first = await costOf(size);
    const repeats = Math.ceil(minCost / Math.max(first, 1));
    // The first call also compiles the code, but another process always does.
    const short = isElsewhere && repeats === 1
      ? first
      : await costOf(size, repeats);
    ratio = Math.min(ratio, await costOf(4 * size, repeats) / short);
  }
  assert.ok(ratio < 8, `${claim}: 4 times the input took ${ratio} times`);
}
