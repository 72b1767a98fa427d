import { strict as assert } from "node:assert";
import process from "node:process";

/**
 * Asserts that work on an input four times as long takes less than eight times
 * the processor time; quadratic work takes 16 times. Processor time does not
 * depend on the load of the machine; a larger ratio is measured again.
 *
 * @param work returns its processor time in microseconds if another process
 * does it
 * @param size large enough for the work to take much longer than its preparation
 */
export async function assertLinear(
  work: (size: number) => unknown,
  size: number,
  claim = "",
): Promise<void> {
  const cost = async (size: number) => {
    const before = process.cpuUsage();
    const elsewhere = await work(size);
    const { user, system } = process.cpuUsage(before);
    return typeof elsewhere === "number" ? elsewhere : user + system;
  };
  let ratio = Infinity;
  for (let tries = 0; ratio >= 8 && tries < 3; tries++) {
    // The longer input first: it pays for compilation.
    const long = await cost(4 * size);
    ratio = Math.min(ratio, long / await cost(size));
  }
  assert.ok(ratio < 8, `${claim}: 4 times the input took ${ratio} times`);
}
