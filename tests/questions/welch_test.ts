import assert from "node:assert/strict";
import { studentQuantile, welch } from "../../questions/events/welch.ts";

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-9 * expected, `${found}`);

// scipy.stats.t.ppf(0.975, freedom)
Deno.test("studentQuantile() agrees with SciPy", () => {
  for (
    const [freedom, quantile] of [
      [1, 12.706204736174694],
      [1.3, 7.500529325562029],
      [2.5, 3.5746548420036817],
      [7.77, 2.3179399298915517],
      [100.5, 1.9838506553357993],
      [1e4, 1.960201239890626],
    ] as const
  ) near(studentQuantile(freedom), quantile);
});

// scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
Deno.test("welch() agrees with SciPy", () => {
  const { margin, exceeds_spread } = welch(
    [3, 4, 5.5, 4.2],
    [1, 2, 2.5, 1.7, 1.2],
  );
  near(margin!, (4.024474367216139 - 0.9655256327838606) / 2);
  assert.equal(exceeds_spread, 1);
});

Deno.test("welch() knows no spread of one run, and leaves no doubt without one", () => {
  assert.equal(welch([3], [1, 2]).margin, null);
  assert.equal(welch([3], [1, 2]).exceeds_spread, null);
  assert.equal(welch([3, 3], [3, 3]).exceeds_spread, 0);
  assert.equal(welch([4, 4], [3, 3]).exceeds_spread, 1);
  // 0.1 + 0.2 is not 0.3.
  assert.equal(welch([0.1 + 0.2, 0.1 + 0.2], [0.3, 0.3]).exceeds_spread, 0);
});
