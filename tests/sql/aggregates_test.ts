import { strict as assert } from "node:assert";
import { onEngines, value } from "./engines.ts";

// The pairs (2, 1.5), ... and two with a NULL.
const table = `
  CREATE TABLE t (x REAL, y REAL);
  INSERT INTO t VALUES (20.125, 18), (1.5, 2), (2, 2.5), (NULL, NULL),
    (3.25, 4), (7, 6.75), (11, 13)`;

// Computed with Python's statistics module: median, stdev, pstdev, variance,
// pvariance, quantiles(method="inclusive"), linear_regression, correlation.
const expected: Record<string, number> = {
  "median(x)": 5.125,
  "percentile(x, 0)": 1.5,
  "percentile(x, 10)": 1.75,
  "percentile(x, 25)": 2.3125,
  "percentile(x, 50)": 5.125,
  "percentile(x, 90)": 15.5625,
  "percentile(x, 95)": 17.84375,
  "percentile(x, 100)": 20.125,
  "stddev(x)": 7.158219343291086,
  "stddev_samp(x)": 7.158219343291086,
  "stddev_pop(x)": 6.534530343150574,
  "variance(x)": 51.24010416666667,
  "var_samp(x)": 51.24010416666667,
  "var_pop(x)": 42.70008680555556,
  "regr_slope(y, x)": 0.8883219320803813,
  "regr_intercept(y, x)": 1.0644255496488135,
  "regr_r2(y, x)": 0.9705706722537486,
  "corr(y, x)": 0.9851754525229243,
};

for (const [expression, number] of Object.entries(expected)) {
  onEngines(`${expression} is near ${number} and ignores NULL`, (db) => {
    db.exec(table);
    const found = value(db, `SELECT ${expression} FROM t`) as number;
    assert.ok(Math.abs(found / number - 1) < 1e-14, String(found));
  });

  onEngines(`${expression} of no values is NULL`, (db) => {
    db.exec(table);
    assert.equal(value(db, `SELECT ${expression} FROM t WHERE 0`), null);
    assert.equal(
      value(db, `SELECT ${expression} FROM t WHERE x IS NULL`),
      null,
    );
  });
}

onEngines("stddev() and regr_slope() stay precise for Unix seconds", (db) => {
  db.exec(table);
  const found = value(db, "SELECT stddev(x + 1700000000) FROM t") as number;
  assert.ok(Math.abs(found / 7.158219343291086 - 1) < 1e-12, String(found));
  const slope = "SELECT regr_slope(y + 1700000000, x + 1700000000) FROM t";
  const fit = value(db, slope) as number;
  assert.ok(Math.abs(fit / 0.8883219320803813 - 1) < 1e-8, String(fit));
});

onEngines("aggregates ignore a pair with one NULL", (db) => {
  db.exec(`${table}; INSERT INTO t VALUES (1000, NULL), (NULL, 1000)`);
  const found = value(db, "SELECT regr_slope(y, x) FROM t") as number;
  assert.ok(Math.abs(found - 0.8883219320803813) < 1e-14, String(found));
});

onEngines(
  "aggregates of one row or of equal rows match PostgreSQL",
  (db) => {
    const one = "FROM (VALUES (5, 7))";
    const [row] = db.query(
      `SELECT stddev(column1) AS s, stddev_pop(column1) AS p,
    median(column1) AS m, regr_slope(column1, column2) AS slope,
    corr(column1, column2) AS c ${one}`,
    );
    assert.deepEqual(row, { s: null, p: 0, m: 5, slope: null, c: null });
    const flat = "SELECT regr_r2(5, column1) FROM (VALUES (1), (2))";
    assert.equal(value(db, flat), 1);
    const infinite = "SELECT median(9e999) FROM (VALUES (1), (2))";
    assert.equal(value(db, infinite), Infinity);
  },
);

onEngines("aggregates work in groups and accept numeric text", (db) => {
  const rows = db.query(`
    SELECT column1 AS g, median(column2) AS m, percentile(column2, column1) AS p
    FROM (VALUES (0, '1'), (100, 5), (0, 2.0), (100, ' 7 '), (0, 9), (50, NULL))
    GROUP BY g ORDER BY g`);
  assert.deepEqual([...rows], [
    { g: 0, m: 2, p: 1 },
    { g: 50, m: null, p: null },
    { g: 100, m: 6, p: 7 },
  ]);
});

onEngines("percentile() refuses an invalid percentage", (db) => {
  db.exec(table);
  for (const p of ["-1", "100.5", "NULL", "'x'"]) {
    assert.throws(() => db.query(`SELECT percentile(x, ${p}) FROM t`), {
      name: "DatabaseError",
      message: /^percentile\(\) takes a percentage from 0 to 100, not /,
    });
  }
  assert.throws(() => db.query("SELECT percentile(x, y) FROM t"), {
    message:
      /^percentile\(\) takes one percentage for all rows, not 18 and then 2/,
  });
});

onEngines("percentile() is exact between large values", (db) => {
  // d3.quantile([1e9, 1e9 + 1, 1e9 + 3], 0.99)
  const sql = "SELECT percentile(column1, 99) " +
    "FROM (VALUES (1000000003), (1000000000), (1000000001))";
  assert.equal(value(db, sql), 1000000002.96);
});
