import assert from "node:assert/strict";
import { csvRecord, jsonText, tsvLine } from "../../cli/formats.ts";
import { inPlace, output } from "./shell.ts";

const query = `"SELECT 1 AS a, NULL AS b, '' AS c, 'x,' || char(34) || 'y' ` +
  `AS d, 9007199254740993 AS e, x'ff' AS f, 1e999 AS g, 0.5 AS h"`;

Deno.test("dnpc sql writes the same row in every format", () =>
  inPlace(async (place) => {
    const as = (format: string) =>
      output(place, `dnpc sql runs.sqlite3 ${query} --format ${format}`);
    const csv = await as("csv");
    assert.equal(
      csv,
      'a,b,c,d,e,f,g,h\r\n1,,"","x,""y",9007199254740993,FF,Infinity,0.5\r\n',
    );
    const object = '{"a":1,"b":null,"c":"","d":"x,\\"y",' +
      '"e":9007199254740993,"f":"FF","g":1e999,"h":0.5}';
    assert.equal(await as("ndjson"), `${object}\n`);
    assert.equal(await as("json"), `[\n${object}\n]\n`);
    const tsv = "a\tb\tc\td\te\tf\tg\th\n" +
      '1\t\t\tx,"y\t9007199254740993\tFF\tInfinity\t0.5\n';
    assert.equal(await as("tsv"), tsv);
    assert.match(
      await as("table"),
      /^a +b +c +d +e .*\n─.*\n1 +null .*\n1 row\n$/,
    );
    // Without a terminal, the default is TSV, for cut and awk.
    assert.equal(await output(place, `dnpc sql runs.sqlite3 ${query}`), tsv);
    await output(place, `dnpc sql runs.sqlite3 ${query} -o rows.csv`);
    assert.equal(await Deno.readTextFile(`${place.folder}/rows.csv`), csv);
    assert.equal(
      await output(
        place,
        `dnpc sql runs.sqlite3 "SELECT 5 AS n" --no-header`,
      ),
      "5\n",
    );
  }));

Deno.test("dnpc sql without rows writes the column names, or an empty JSON array", () =>
  inPlace(async (place) => {
    const as = (format: string) =>
      output(
        place,
        `dnpc sql runs.sqlite3 "SELECT id, time FROM event WHERE 0" -f ${format}`,
      );
    assert.equal(await as("tsv"), "id\ttime\n");
    assert.equal(await as("csv"), "id,time\r\n");
    assert.equal(await as("json"), "[]\n");
    assert.equal(await as("ndjson"), "");
    assert.match(await as("table"), /^id +time\n.*\n0 rows\n$/);
  }));

Deno.test("dnpc sql writes rows while the query runs, once, in the order of its columns", () =>
  inPlace(async (place) => {
    const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL " +
      "SELECT i + 1 FROM n) SELECT i AS b, 0 AS '1' FROM n";
    for (
      const [format, lines] of [
        ["csv", "b,1\r\n1,0\r\n2,0\r\n"],
        ["table", "    b  1\n─────  ─\n    1  0\n"],
        ["ndjson", '{"1":0,"b":1}\n{"1":0,"b":2}\n{"1":0,"b":3}\n'],
      ]
    ) {
      const line =
        `dnpc sql runs.sqlite3 "${endless}" -f ${format} | head -n 3`;
      assert.equal(await output(place, line), lines);
    }
  }));

Deno.test("dnpc sql repeats the heading of a table every 10,000 rows, and counts all", () =>
  inPlace(async (place) => {
    const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL " +
      "SELECT i + 1 FROM n LIMIT 10001) SELECT i FROM n";
    const line = `dnpc sql runs.sqlite3 "${numbers}" -f table | tail -n 5`;
    assert.equal(
      await output(place, line),
      "10000\n    i\n─────\n10001\n10,001 rows\n",
    );
  }));

Deno.test("dnpc sql reads the query from stdin, and binds values", () =>
  inPlace(async (place) => {
    const line = "echo 'SELECT :a || :b AS ab' | dnpc sql runs.sqlite3 " +
      `--param "a=it's" --param 'b==x' --no-header`;
    assert.equal(await output(place, line), "it's=x\n");
    assert.equal(
      await output(place, line.replace("sqlite3 ", "sqlite3 - ")),
      "it's=x\n",
    );
  }));

Deno.test("dnpc sql reports SQLite's error, cannot write, and exits with 125", () =>
  inPlace(async ({ shell }) => {
    const wrong = await shell('dnpc sql runs.sqlite3 "SELEC 1"');
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /^dnpc: near "SELEC": syntax error\n/);
    const writing = await shell('dnpc sql runs.sqlite3 "DELETE FROM span"');
    assert.equal(writing.code, 125);
    assert.match(writing.stderr, /readonly database/);
  }));

Deno.test("dnpc sql exits silently with 0 when its reader closes the pipe", () =>
  inPlace(async (place) => {
    const { stdout, stderr } = await place.shell(
      `(dnpc sql runs.sqlite3 "SELECT * FROM event a, event b LIMIT 100000" ` +
        `; echo "exit $?" >&2) | head -n 1`,
    );
    assert.match(stdout, /^id\tspan_id\ttime.*\n$/);
    assert.equal(stderr, "exit 0\n");
  }));

Deno.test("csvRecord() quotes fields as in RFC 4180", () => {
  assert.equal(
    csvRecord(["a", "b c", 'say "x"', "1,5", "two\nlines", null, "", -0.5]),
    'a,b c,"say ""x""","1,5","two\nlines",,"",-0.5\r\n',
  );
});

Deno.test("tsvLine() escapes tabs, newlines and control characters", () => {
  assert.equal(
    tsvLine(["a\tb", "c\nd", "\\", "\x1b[31mred\x9b", null, "é"]),
    "a\\tb\tc\\nd\t\\\\\t\\x1b[31mred\\x9b\t\té\n",
  );
});

Deno.test("jsonText() writes bigints and infinities, and escapes control characters", () => {
  const text = jsonText({
    a: "\x1b[31m\x9b\u2028",
    b: 2n ** 60n,
    c: -Infinity,
  });
  assert.equal(
    text,
    '{"a":"\\u001b[31m\\u009b\u2028","b":1152921504606846976,"c":-1e999}',
  );
  assert.equal(JSON.parse(text).a, "\x1b[31m\x9b\u2028");
});
