import {
  type Database,
  linearRegression,
  openDatabase,
  quantiles,
  sql,
  trends,
} from "dnpc/sql";
import { strict as assert } from "node:assert";
import { onDatabase, onEngines } from "./engines.ts";

const near = (found: unknown, expected: number, digits: number) =>
  assert.ok(
    Math.abs(Number(found) / expected - 1) < 10 ** -digits,
    `${found} ${expected}`,
  );

// The Statistical Reference Datasets of NIST, "Longley": data that rounding errors
// spoil easily, with certified results.
// https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml
const longley = `
  60323 83.0 234289 2356 1590 107608 1947
  61122 88.5 259426 2325 1456 108632 1948
  60171 88.2 258054 3682 1616 109773 1949
  61187 89.5 284599 3351 1650 110929 1950
  63221 96.2 328975 2099 3099 112075 1951
  63639 98.1 346999 1932 3594 113270 1952
  64989 99.0 365385 1870 3547 115094 1953
  63761 100.0 363112 3578 3350 116219 1954
  66019 101.2 397469 2904 3048 117388 1955
  67857 104.6 419180 2822 2857 118734 1956
  68169 108.4 442769 2936 2798 120445 1957
  66513 110.8 444546 4681 2637 121950 1958
  68655 112.6 482704 3813 2552 123366 1959
  69564 114.2 502601 3931 2514 125368 1960
  69331 115.7 518173 4806 2572 127852 1961
  70551 116.9 554894 4007 2827 130081 1962`;

const certified = [
  ["intercept", -3482258.63459582, 890420.383607373],
  ["x1", 15.0618722713733, 84.9149257747669],
  ["x2", -0.358191792925910e-1, 0.334910077722432e-1],
  ["x3", -2.02022980381683, 0.488399681651699],
  ["x4", -1.03322686717359, 0.214274163161675],
  ["x5", -0.511041056535807e-1, 0.226073200069370],
  ["x6", 1829.15146461355, 455.478499142212],
] as const;

const x = ["x1", "x2", "x3", "x4", "x5", "x6"];

function addLongley(db: Database): void {
  db.exec(`CREATE TABLE longley (y, ${x.join(", ")})`);
  for (const line of longley.trim().split("\n")) {
    db.run("INSERT INTO longley VALUES (?, ?, ?, ?, ?, ?, ?)", [
      ...line.trim().split(" ").map(Number),
    ]);
  }
}

onEngines("linearRegression() has the certified results of NIST", (db) => {
  addLongley(db);
  const fit = db.query(
    linearRegression("SELECT * FROM longley", { y: "y", x }),
  );
  assert.deepEqual(
    fit.map(({ term }) => term),
    certified.map(([term]) => term),
  );
  certified.forEach(([, coefficient, error], i) => {
    const row = fit[i]!;
    near(row.coefficient, coefficient, 7);
    near(row.standard_error, error, 7);
    near(row.t, coefficient / error, 7);
    near(row.r_squared, 0.995479004577296, 10);
    assert.equal(row.n, 16);
  });
});

onDatabase(
  "linearRegression() fits each group by itself, of any names",
  (db) => {
    addLongley(db);
    // y = 1 + 2 a of one group, y = 10 - a of the other.
    db.exec(`CREATE TABLE row (app, "the ""host", a, y);
    INSERT INTO row VALUES ('p', NULL, 1, 3), ('p', NULL, 2, 5), ('p', NULL, 4, 9),
      ('q', 'n', 1, 9), ('q', 'n', 3, 7), ('q', 'n', 3, NULL),
      ('q', 'n', NULL, 7)`);
    const by = ["app", 'the "host'];
    const query = linearRegression(sql`SELECT * FROM row`, {
      y: "y",
      x: ["a"],
      by,
    });
    assert.deepEqual(db.query(query).map(Object.values), [
      ["p", null, "intercept", 1, 0, null, 1, 3],
      ["p", null, "a", 2, 0, null, 1, 3],
      // Two rows fit exactly, and leave no freedom for an error.
      ["q", "n", "intercept", 10, null, null, 1, 2],
      ["q", "n", "a", -1, null, null, 1, 2],
    ]);
    const other = db.query(
      sql`SELECT count(*) AS n FROM (${query}) WHERE t > 2`,
    );
    assert.deepEqual([...other], [{ n: 0 }]);
    assert.throws(() => linearRegression("", { y: "y", x: ["a"], by: ["n"] }), {
      name: "TypeError",
      message: /has a column n of its own/,
    });
    assert.throws(() => linearRegression("", { y: "y", x: [] }), RangeError);
  },
);

onDatabase(
  "linearRegression() leaves out regressors that others determine",
  (db) => {
    addLongley(db);
    const doubled = `SELECT *, 2 * x1 + x2 AS twice, 5 AS five FROM longley`;
    const names = ["x1", "x2", "five", "twice", "x3"];
    const fit = db.query(linearRegression(doubled, { y: "y", x: names }));
    const plain = db.query(
      linearRegression(doubled, { y: "y", x: ["x1", "x2", "x3"] }),
    );
    const known = fit.filter(({ coefficient }) => coefficient !== null);
    assert.deepEqual(
      fit.filter(({ coefficient }) => coefficient === null)
        .map(({ term, standard_error }) => [term, standard_error]),
      [["five", null], ["twice", null]],
    );
    known.forEach((row, i) => {
      near(row.coefficient, Number(plain[i]!.coefficient), 8);
      near(row.standard_error, Number(plain[i]!.standard_error), 8);
    });
  },
);

onDatabase("linearRegression() of twenty regressors, and of no rows", (db) => {
  db.exec(`CREATE TABLE wide AS
    WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 200)
    SELECT n, ${
    Array.from({ length: 20 }, (_, i) =>
      `(n * ${2 * i + 3}) % ${i + 23} AS c${i}`)
      .join(", ")
  } FROM n`);
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
  const sum = names.map((name, i) => `${i + 1} * ${name}`).join(" + ");
  const rows = `SELECT *, 7 + ${sum} AS y FROM wide`;
  const fit = db.query(linearRegression(rows, { y: "y", x: names }));
  fit.forEach(({ coefficient }, i) => near(coefficient, i === 0 ? 7 : i, 8));
  assert.deepEqual(
    [...db.query(
      linearRegression(`${rows} WHERE n < 0`, { y: "y", x: names }),
    )],
    [],
  );
});

onEngines("trends() agrees with the aggregates of one regressor", (db) => {
  addLongley(db);
  const rows = "SELECT *, 1.7e9 + x6 AS time, x6 < 1955 AS early FROM longley";
  const found = db.query(trends(rows, { y: "y", x: "time", by: ["early"] }));
  const expected = db.query(`
    SELECT early, count(*) AS n, min(time) AS first, max(time) AS last,
      regr_slope(y, time) AS slope, regr_r2(y, time) AS r_squared,
      regr_intercept(y, x6) + regr_slope(y, x6) * min(x6) AS at_first
    FROM (${rows}) GROUP BY early ORDER BY early`);
  assert.equal(found.length, 2);
  expected.forEach((row, i) => {
    assert.deepEqual([found[i]!.early, found[i]!.n], [row.early, row.n]);
    for (const name of ["first", "last", "slope", "r_squared", "at_first"]) {
      near(found[i]![name], Number(row[name]), 7);
    }
  });
});

onDatabase("trends() has the standard error of the regression", (db) => {
  addLongley(db);
  const columns = { y: "y", x: "x6" };
  const [trend] = db.query(trends("SELECT * FROM longley", columns));
  const [, slope] = db.query(
    linearRegression("SELECT * FROM longley", { ...columns, x: ["x6"] }),
  );
  near(trend!.slope, Number(slope!.coefficient), 10);
  near(trend!.standard_error, Number(slope!.standard_error), 10);
  near(trend!.t, Number(slope!.t), 10);
  near(trend!.change, Number(slope!.coefficient) * 15, 10);
  const constant = "SELECT 1 AS x, 2 AS y UNION ALL SELECT 1, 3";
  assert.deepEqual(
    db.query(trends(constant, { y: "y", x: "x" })).map(Object.values),
    [[2, 1, 1, null, null, null, null, null, null, null]],
  );
});

onEngines("quantiles() agrees with percentile(), of any values", (db) => {
  addLongley(db);
  const rows =
    "SELECT y, x6 % 3 AS third FROM longley UNION ALL SELECT NULL, 1";
  const percents = [0, 12.5, 50, 90, 100];
  const found = db.query(
    quantiles(rows, { of: "y", by: ["third"], percents }),
  );
  assert.equal(found.length, 3 * percents.length);
  for (const { third, percent, value, n } of found) {
    const [expected] = db.query(sql`SELECT percentile(y, ${percent!}) AS value,
      count(y) AS n FROM (${sql.raw(rows)}) WHERE third = ${third!}`);
    near(value, Number(expected!.value), 12);
    assert.equal(n, expected!.n);
  }
  assert.throws(
    () => quantiles(rows, { of: "y", percents: [101] }),
    RangeError,
  );
  assert.throws(() => quantiles(rows, { of: "y", percents: [] }), RangeError);
});

Deno.test("linearRegression() of 200,000 rows keeps the digits of Unix seconds", async () => {
  using db = await openDatabase(undefined, { engine: "native" });
  db.exec(`CREATE TABLE many AS
    WITH RECURSIVE n (n) AS
      (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 200000)
    SELECT n % 100 AS app, 1.7e9 + n AS time, n * 7 % 11 AS a, n * 5 % 13 AS b
    FROM n`);
  const query = linearRegression(
    "SELECT *, 3 * a - b + (time - 1.7e9) / 1e6 AS y FROM many",
    { y: "y", x: ["time", "a", "b"], by: ["app"] },
  );
  const rows = db.query(query);
  assert.equal(rows.length, 400);
  for (const { term, coefficient } of rows) {
    if (term === "a") near(coefficient, 3, 8);
    if (term === "time") near(coefficient, 1e-6, 6);
  }
});

onDatabase(
  "statistics take one group as text, and refuse unknown options",
  (db) => {
    const rows = `SELECT column1 AS g, column2 AS x, column3 AS y
    FROM (VALUES ('a', 1, 2), ('a', 2, 4), ('a', 3, 6), ('b', 1, 7))`;
    const slopes = db.query(trends(rows, { y: "y", x: "x", by: "g" }));
    assert.deepEqual(slopes.map(({ g, slope }) => [g, slope])[0], ["a", 2]);
    const fit = db.query(linearRegression(rows, { y: "y", x: "x", by: "g" }));
    near(
      fit.find(({ g, term }) => g === "a" && term === "x")!.coefficient,
      2,
      9,
    );
    const middle = db.query(
      quantiles(rows, { of: "y", percents: [50], by: "g" }),
    );
    assert.deepEqual(middle.map(({ g, value }) => [g, value]), [["a", 4], [
      "b",
      7,
    ]]);
    for (const statistic of [trends, linearRegression, quantiles]) {
      assert.throws(
        () =>
          (statistic as (...given: unknown[]) => unknown)(rows, { bi: "g" }),
        {
          name: "TypeError",
          message: /\(\) has no option "bi"\. Did you mean by/,
        },
      );
    }
  },
);
