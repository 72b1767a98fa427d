import assert from "node:assert/strict";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { openDatabase, type Row } from "dnpc/sql";
import { pathName } from "../../cli/export/tables.ts";
import { inPlace, output } from "./shell.ts";

async function readParquet(path: string): Promise<Row[]> {
  const file = (await Deno.readFile(path)).buffer;
  return await parquetReadObjects({ file }) as Row[];
}

Deno.test("dnpc export --to parquet adds the runs to a campaign", () =>
  inPlace(async (place) => {
    const to = "dnpc export runs.sqlite3 --to parquet -o";
    const first = await place.shell(`${to} spring`);
    assert.match(first.stderr, /^dnpc: spring: 1 run added; [\d,]+ rows, /);
    const again = await place.shell(`${to} spring`);
    assert.equal(again.stderr, "dnpc: spring: 1 run already there\n");
    // The same files as without a database in between.
    await output(place, "dnpc import runinfo/ --to parquet imported -q");
    const [run] = Deno.readDirSync(`${place.folder}/spring`);
    const files = (dir: string) =>
      [...Deno.readDirSync(`${place.folder}/${dir}/${run!.name}`)]
        .map(({ name }) => name).sort();
    assert.deepEqual(files("spring"), files("imported"));
    assert.ok(files("spring").includes("monitoring_task.parquet"));
    const wrong = await place.shell(`${to} bin`);
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /bin is not a campaign/);
    const table = await place.shell(`${to} spring --table span`);
    assert.equal(table.code, 125);
    assert.match(table.stderr, /--to parquet takes no --table/);
  }));

Deno.test("dnpc export computes no generated columns of a stranger", () =>
  inPlace(async (place) => {
    using db = await openDatabase(`${place.folder}/runs.sqlite3`);
    // Computing it is an error: an integer overflow.
    db.exec(
      `CREATE TABLE bird (name); INSERT INTO bird VALUES ('wren'), ('owl');
      ALTER TABLE bird ADD COLUMN song AS (abs(-9223372036854775807 - 1))`,
    );
    const to = "--to csv -o csv --table bird";
    await output(place, `dnpc export runs.sqlite3 ${to}`);
    assert.equal(
      await Deno.readTextFile(`${place.folder}/csv/bird.csv`),
      '"name"\r\nwren\r\nowl\r\n',
    );
  }));

Deno.test("dnpc export --to parquet --query writes the rows of a query", () =>
  inPlace(async (place) => {
    await output(
      place,
      `dnpc export runs.sqlite3 --to parquet -o q.parquet --query ` +
        `"SELECT type, count(*) AS n, avg(id) AS mean FROM span GROUP BY type; "`,
    );
    const rows = await readParquet(`${place.folder}/q.parquet`);
    const tries = rows.find(({ type }) => type === "parsl.monitoring.try")!;
    assert.equal(tries.n, 70n);
    assert.equal(typeof tries.mean, "number");
  }));

Deno.test("dnpc export --to parquet --query holds few of many long rows at once", () =>
  inPlace(async (place) => {
    const rows = "VALUES (1), (2), (3)";
    await output(
      place,
      `dnpc export runs.sqlite3 --to parquet -o q.parquet --query ` +
        `"SELECT printf('%.*c', 17000000, 'x') AS text FROM (${rows})"`,
    );
    const { buffer } = await Deno.readFile(`${place.folder}/q.parquet`);
    const groups = parquetMetadata(buffer).row_groups;
    assert.deepEqual(groups.map(({ num_rows }) => num_rows), [2n, 1n]);
  }));

Deno.test("dnpc export --to csv writes a file per table, and refuses a non-empty folder", () =>
  inPlace(async (place) => {
    await output(place, "dnpc export runs.sqlite3 --to csv -o c");
    using db = await openDatabase(`${place.folder}/runs.sqlite3`, {
      readOnly: true,
    });
    const tables = db.query<{ name: string }>(
      `SELECT name FROM sqlite_schema
      WHERE type = 'table' AND name NOT IN (
          'event_row', 'event_type', 'metric_row', 'metric_name')
        OR name IN ('event', 'metric')`,
    );
    assert.deepEqual(
      [...Deno.readDirSync(`${place.folder}/c`)].map(({ name }) => name).sort(),
      tables.map(({ name }) => `${name}.csv`).sort(),
    );
    const text = await Deno.readTextFile(`${place.folder}/c/subspan.csv`);
    const [{ n } = {}] = db.query("SELECT count(*) AS n FROM subspan");
    assert.equal(text.trimEnd().split("\r\n").length, Number(n) + 1);
    assert.match(
      text,
      /^"superspan_id","subspan_id","key","rule_id"\r\n\d+,\d+,/,
    );
    // An existing folder is not overwritten.
    const { code, stderr } = await place.shell(
      "dnpc export runs.sqlite3 --to csv -o c",
    );
    assert.equal(code, 125);
    assert.match(stderr, /not an empty directory/);
    const typo = await place.shell(
      "dnpc export runs.sqlite3 --to csv -o d --table evnt",
    );
    assert.equal(typo.code, 125);
    assert.match(typo.stderr, /no table evnt\. Did you mean event\?/);
  }));

Deno.test("dnpc export --safe escapes spreadsheet formulas, and keeps numbers", () =>
  inPlace(async (place) => {
    const { folder } = place;
    {
      using db = await openDatabase(`${folder}/runs.sqlite3`);
      db.exec(`CREATE TABLE cell ("=name");
        INSERT INTO cell VALUES ('=1+1'), ('+x'), ('@y'), ('-5 s'), ('\t=2'),
          ('-5'), ('+1.5e3'), (-5), (-2.5), ('a=b'), (NULL)`);
    }
    const query = `"SELECT * FROM cell ORDER BY rowid"`;
    const rfc4180 = "=1+1 +x @y -5 s \t=2 -5 +1.5e3 -5 -2.5 a=b ";
    const safe = "'=1+1 '+x '@y '-5 s '\t=2 -5 +1.5e3 -5 -2.5 a=b ";
    const cells = (text: string) => text.trimEnd().split(/\r?\n/);
    const isSame = (text: string, name: string, expected: string) =>
      assert.equal([...cells(text), ""].join(" "), `${name} ${expected}`);
    const ask = (more: string) =>
      output(place, `dnpc sql runs.sqlite3 ${query} ${more}`);
    isSame(await ask("-f csv"), "=name", rfc4180);
    isSame(await ask("-f csv --safe"), "'=name", safe);
    isSame(await ask("-f tsv --safe"), "'=name", safe.replace("\t", "\\t"));
    const own = "export runs.sqlite3 --to csv --table cell";
    await output(place, `dnpc ${own} -o plain`);
    await output(place, `dnpc ${own} -o safe --safe`);
    const file = (name: string) =>
      Deno.readTextFileSync(`${folder}/${name}/cell.csv`);
    isSame(file("plain"), '"=name"', rfc4180);
    isSame(file("safe"), `"'=name"`, safe);
    const { code, stderr } = await place.shell(
      "dnpc export runs.sqlite3 --to parquet -o p --safe",
    );
    assert.equal(code, 125);
    assert.match(stderr, /--to parquet takes no --safe/);
  }));

Deno.test("dnpc export writes user tables, with any value in any column", () =>
  inPlace(async (place) => {
    const { folder } = place;
    {
      using db = await openDatabase(`${folder}/runs.sqlite3`);
      db.exec(
        `CREATE TABLE "my/../own" (k TEXT PRIMARY KEY, v, n) WITHOUT ROWID;
        INSERT INTO "my/../own" VALUES
          ('a', x'00ff', 1), ('b', 5, 2.5), ('c', 'é,"', NULL)`,
      );
    }
    const own = "--table 'my/../own'";
    await output(place, `dnpc export runs.sqlite3 --to csv -o c ${own}`);
    const [file] = Deno.readDirSync(`${folder}/c`);
    assert.equal(file!.name, "my%2F..%2Fown.csv");
    assert.equal(
      await Deno.readTextFile(`${folder}/c/${file!.name}`),
      '"k","v","n"\r\na,00FF,1\r\nb,5,2.5\r\nc,"é,""",\r\n',
    );
    const query = `--query 'SELECT * FROM "my/../own"'`;
    await output(place, `dnpc export runs.sqlite3 --to parquet -o p ${query}`);
    assert.deepEqual(await readParquet(`${folder}/p`), [
      { k: "a", v: "00FF", n: 1 },
      { k: "b", v: "5", n: 2.5 },
      { k: "c", v: 'é,"', n: null },
    ]);
  }));

Deno.test("pathName() makes a safe file name from any text", () => {
  assert.equal(pathName("8b02009a-662b"), "8b02009a-662b");
  assert.equal(pathName("../../etc"), "%2E%2E%2F..%2Fetc");
  assert.equal(pathName("/runs/000"), "%2Fruns%2F000");
  assert.equal(pathName("\0\x1b"), "%00%1B");
  const long = pathName("x".repeat(5000));
  assert.ok(long.length < 255);
  assert.notEqual(long, pathName("x".repeat(5001)));
});
