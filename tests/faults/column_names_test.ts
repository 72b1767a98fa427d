import { strict as assert } from "node:assert";
import { type Database, openDatabase, sql } from "dnpc/sql";
import { parquetReadObjects } from "hyparquet";
import { inPlace, output } from "../cli/shell.ts";
import { randomNumbers } from "../importers/damage.ts";
import { figures, times } from "./figures.ts";

const counted = figures("columns of one name");

const names = ["a", "a:1", "a:2", "A", "__proto__", "constructor", "", "ä b"];

/** Each value that a result has, in some order. */
const readers: Record<string, (db: Database, query: string) => unknown[]> = {
  query: (db, query) => Object.values(db.query(query)[0]!),
  iterate: (db, query) => Object.values([...db.iterate(query)][0]!),
  table: (db, query) => {
    const table = db.table(query);
    return table.columnNames().map((name) => table.get(name, 0));
  },
  subquery: (db, query) =>
    Object.values(db.query(`SELECT * FROM (${query})`)[0]!),
};

for (const engine of ["native", "sqljs"] as const) {
  Deno.test(`every column of a result is kept, whatever its name [${engine}]`, async () => {
    using db = await openDatabase(undefined, { engine });
    const random = randomNumbers(47);
    for (let i = 0; i < times(50, 1000); i++) {
      const columns = Array.from(
        { length: 1 + Math.floor(random() * 6) },
        (_, value) => {
          const name = names[Math.floor(random() * names.length)]!;
          return `${value + 1} AS ${sql.id(name).text}`;
        },
      );
      const query = `SELECT ${columns.join(", ")}`;
      const expected = columns.map((_, value) => value + 1);
      for (const [name, read] of Object.entries(readers)) {
        counted.inputs++;
        counted.rows++;
        assert.deepEqual(read(db, query), expected, `${name}: ${query}`);
        counted.survived++;
      }
    }
  });
}

Deno.test("dnpc sql and export write every column of a result", () =>
  inPlace(async (place) => {
    for (const columns of ["1 AS a, 2 AS a", "1 AS b, 2 AS a, 3 AS b"]) {
      const query = `SELECT ${columns}`;
      const expected = [...columns.matchAll(/\d/g)].map(([digit]) => digit);
      const dnpc = `dnpc sql runs.sqlite3 '${query}' --format`;
      const valuesIn = (text: string) => {
        const row = text.split("\n").find((line) => /^[\d{]/.test(line))!;
        return row.startsWith("{")
          ? Object.values(JSON.parse(row)).map(String)
          : row.match(/\d/g);
      };
      for (const format of ["csv", "tsv", "ndjson", "table"]) {
        counted.inputs++;
        const text = await output(place, `${dnpc} ${format}`);
        counted.rows++;
        assert.deepEqual(valuesIn(text), expected, `${format}: ${text}`);
        counted.survived++;
      }
      counted.inputs++;
      const to = "dnpc export runs.sqlite3 --to parquet -o";
      await output(place, `${to} q${expected.length} --query '${query}'`);
      const folder = `${place.folder}/q${expected.length}`;
      const path = Deno.statSync(folder).isFile
        ? folder
        : `${folder}/${[...Deno.readDirSync(folder)][0]!.name}`;
      const bytes = await Deno.readFile(path);
      const [row] = await parquetReadObjects({ file: bytes.buffer });
      counted.rows++;
      assert.deepEqual(Object.values(row!).map(String), expected);
      counted.survived++;
    }
  }));
