import { strict as assert } from "node:assert";
import { openDatabase } from "dnpc/sql";
import { onEngines, value } from "./engines.ts";

// Computed with Python's math module.
const numbers: Record<string, number> = {
  "acos(0.5)": 1.0471975511965979,
  "acosh(2)": 1.3169578969248166,
  "asin(0.5)": 0.5235987755982989,
  "asinh(2)": 1.4436354751788103,
  "atan(2)": 1.1071487177940904,
  "atan2(1, -2)": 2.677945044588987,
  "atanh(0.5)": 0.5493061443340548,
  "cos(2)": -0.4161468365471424,
  "cosh(2)": 3.7621956910836314,
  "degrees(1)": 57.29577951308232,
  "exp(2)": 7.38905609893065,
  "ln(10)": 2.302585092994046,
  "log(2)": 0.3010299956639812,
  "log(3, 7)": 1.7712437491614221,
  "log10(2)": 0.3010299956639812,
  "log2(10)": 3.321928094887362,
  "mod(7.5, -2)": 1.5,
  "pi()": 3.141592653589793,
  "pow(2, 0.5)": 1.4142135623730951,
  "power(2, 0.5)": 1.4142135623730951,
  "radians(90)": 1.5707963267948966,
  "sin(2)": 0.9092974268256817,
  "sinh(2)": 3.626860407847019,
  "sqrt(2)": 1.4142135623730951,
  "tan(2)": -2.185039863261519,
  "tanh(2)": 0.9640275800758169,
};

for (const [expression, expected] of Object.entries(numbers)) {
  onEngines(`${expression} is a REAL near ${expected}`, (db) => {
    const found = value(db, `SELECT ${expression}`) as number;
    assert.ok(Math.abs(found / expected - 1) < 1e-15, String(found));
    assert.equal(value(db, `SELECT typeof(${expression})`), "real");
  });
}

// Computed with the sqlite3 shell, which has these functions built in.
const answers: Record<string, [string, unknown]> = {
  "ceil(2.1)": ["real", 3],
  "ceil(2)": ["integer", 2],
  "ceiling(2.1)": ["real", 3],
  "floor(-2.5)": ["real", -3],
  "floor(9007199254740993)": ["integer", 2n ** 53n + 1n],
  "trunc(-2.5)": ["real", -2],
  "ceil('2')": ["integer", 2],
  "ceil(' 2.1 ')": ["real", 3],
  "ceil('99999999999999999999')": ["real", 1e20],
  "ceil('2x')": ["null", null],
  "ceil(x'31')": ["null", null],
  "ceil('\u00a02')": ["null", null],
  "ceil('-05')": ["integer", -5],
  "ceil('+7')": ["integer", 7],
  "sqrt('\u00a04')": ["null", null],
  "sqrt('\v4.')": ["real", 2],
  "sign(-2.5)": ["integer", -1],
  "sign(0.0)": ["integer", 0],
  "sign('5')": ["integer", 1],
  "sign('x')": ["null", null],
  "mod(5, 3)": ["real", 2],
  "mod(5, 0)": ["null", null],
  "log(0)": ["null", null],
  "log(1, 7)": ["null", null],
  "log(-1, 7)": ["null", null],
  "log('x', 3)": ["null", null],
  "log(2, NULL)": ["null", null],
  "ln(-1)": ["null", null],
  "exp(1000)": ["real", Infinity],
  "pow(1, 9e999)": ["real", 1],
  "pow(0, -1)": ["real", Infinity],
  "pow(-8, 0.3)": ["null", null],
  "sqrt(-1)": ["null", null],
  "acos(2)": ["null", null],
  "atanh(1)": ["real", Infinity],
  "sqrt('4')": ["real", 2],
  "sqrt(' 4 ')": ["real", 2],
  "sqrt('4x')": ["null", null],
  "sqrt('')": ["null", null],
  "sqrt(x'34')": ["null", null],
  "sqrt(NULL)": ["null", null],
};

for (const [expression, [type, expected]] of Object.entries(answers)) {
  onEngines(`${expression} is ${type} ${expected}`, (db) => {
    assert.equal(value(db, `SELECT ${expression}`), expected);
    assert.equal(value(db, `SELECT typeof(${expression})`), type);
  });
}

Deno.test("math functions give the same bits in both engines", async () => {
  using one = await openDatabase(undefined, { engine: "sqljs" });
  using other = await openDatabase(undefined, { engine: "native" });
  const names = ["sin", "cos", "tan", "exp", "ln", "log2", "log10", "tanh"];
  const sql = `WITH RECURSIVE n (x) AS (
      SELECT 0.37 UNION ALL SELECT x * 1.0371 FROM n LIMIT 200)
    SELECT ${names.map((name) => `${name}(x)`)}, pow(x, 0.3), log(3, x),
      x / 7.0 FROM n`;
  assert.deepEqual([...one.query(sql)], [...other.query(sql)]);
});
