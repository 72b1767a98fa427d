import { strict as assert } from "node:assert";
import { deviation, mean, median, quantile, variance } from "d3-array";
import * as fc from "fast-check";
import { openDatabase } from "dnpc/sql";
import { figures, times } from "./figures.ts";

const counted = figures("statistics of made-up numbers, in SQL and elsewhere");

const checked = { numRuns: times(200, 5000), seed: 3 };

// Realistic seconds: small, Unix times, far apart, repeated.
const number = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: 1.7e9, max: 1.8e9, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0, 1e-300, 1e15, 5e-324),
);
const numbers = fc.array(fc.option(number), { maxLength: 40 });

function close(found: unknown, expected: number | undefined, scale: number) {
  if (expected === undefined || Number.isNaN(expected)) {
    assert.equal(found, null);
    return;
  }
  const far = Math.abs(Number(found) - expected);
  assert.ok(
    typeof found === "number" && far <= 1e-9 * Math.max(scale, 1e-290),
    `${found} is not ${expected}`,
  );
}

for (const engine of ["native", "sqljs"] as const) {
  Deno.test(`median, percentile, stddev and variance agree with d3 [${engine}]`, async () => {
    using db = await openDatabase(undefined, { engine });
    db.exec("CREATE TABLE n (x REAL)");
    const percentage = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(numbers, percentage, (values, p) => {
        counted.inputs++;
        db.run("DELETE FROM n");
        for (const value of values) db.run("INSERT INTO n VALUES (?)", [value]);
        const known = values.filter((value) => value !== null);
        const [row] = db.query(
          `SELECT count(x) AS count, median(x) AS median, avg(x) AS mean,
             percentile(x, ?) AS percentile, percentile(x, 0) AS least,
             percentile(x, 100) AS most, stddev(x) AS stddev,
             variance(x) AS variance, stddev_pop(x) AS stddev_pop,
             min(x) AS minimum, max(x) AS maximum
           FROM n`,
          [p],
        );
        const scale = Math.max(...known.map(Math.abs), 0);
        assert.equal(row!.count, known.length);
        close(row!.median, median(known), scale);
        close(row!.mean, mean(known), scale);
        close(row!.percentile, quantile(known, p / 100), scale);
        assert.equal(row!.least, row!.minimum);
        assert.equal(row!.most, row!.maximum);
        close(row!.stddev, deviation(known), scale);
        close(row!.variance, variance(known), scale ** 2);
        const n = known.length;
        const ofAll = n === 1 ? 0 : (deviation(known) ?? NaN) *
          Math.sqrt((n - 1) / n);
        close(row!.stddev_pop, n === 0 ? undefined : ofAll, scale);
        counted.survived++;
      }),
      checked,
    );
  });

  Deno.test(`regr_slope, regr_intercept and corr recover an exact line [${engine}]`, async () => {
    using db = await openDatabase(undefined, { engine });
    db.exec("CREATE TABLE n (x REAL, y REAL)");
    const small = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        fc.uniqueArray(small, { minLength: 2, maxLength: 30 }),
        small,
        small,
        (xs, slope, intercept) => {
          counted.inputs++;
          db.run("DELETE FROM n");
          // Offset by a Unix time.
          for (const x of xs) {
            const values = [1.79e9 + x, slope * x + intercept];
            db.run("INSERT INTO n VALUES (?, ?)", values);
          }
          db.run("INSERT INTO n VALUES (NULL, 5), (5, NULL)");
          const [row] = db.query(
            `SELECT regr_slope(y, x) AS slope, corr(y, x) AS corr,
               regr_intercept(y, x) + 1.79e9 * regr_slope(y, x) AS intercept
             FROM n`,
          );
          close(row!.slope, slope, 1000);
          close(row!.intercept, intercept, 1e8);
          if (slope === 0) assert.equal(row!.corr, null);
          else close(row!.corr, Math.sign(slope), 1);
          counted.survived++;
        },
      ),
      { ...checked, numRuns: times(100, 1000) },
    );
  });
}

Deno.test("both engines give bit-identical statistics for any numbers", async () => {
  using native = await openDatabase(undefined, { engine: "native" });
  using sqljs = await openDatabase(undefined, { engine: "sqljs" });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(number, number), { maxLength: 20 }),
      (pairs) => {
        counted.inputs++;
        const rows = JSON.stringify(pairs);
        const [one, other] = [native, sqljs].map((db) => [
          ...db.query(
            `WITH n AS (SELECT CAST(value ->> 0 AS REAL) AS x,
               CAST(value ->> 1 AS REAL) AS y FROM json_each(?))
             SELECT median(x), percentile(x, 95), stddev(x), var_pop(y),
               corr(y, x), regr_slope(y, x), regr_r2(y, x), sum(sqrt(abs(x))),
               max(ln(y)), min(floor(x)), count(*)
             FROM n`,
            [rows],
          ),
        ]);
        assert.deepEqual(one, other);
        counted.survived++;
      },
    ),
    { ...checked, numRuns: times(200, 3000) },
  );
});
