import { strict as assert } from "node:assert";
import { importJsonLog, importLines, importRuninfo } from "dnpc/importers";
import { bind, type Database, openDatabase, relabel, widen } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";

// A property of every JavaScript object must be an ordinary name in a log.
const name = "__proto__";
const rows = (db: Database, query: string) => [...db.query(query)];

for (const engine of ["sqljs", "native"] as const) {
  Deno.test(`an attribute named ${name} is imported and bound like any other [${engine}]`, () =>
    inFolder(async (folder) => {
      const lines = `${folder}/lines.txt`;
      await Deno.writeTextFile(
        lines,
        "1700000000.5 task 5 of x done\n1700000001.5 task 6 of y done\n",
      );
      const json = `${folder}/log.jsonl`;
      await Deno.writeTextFile(
        json,
        `{"created":1700000000.5,"id":"7","${name}":"z","message":"a"}\n`,
      );
      const attributes = JSON.parse(`{"${name}":"given"}`);
      const open = () => openDatabase(undefined, { engine });
      using db = await open();
      await importLines(db, lines, {
        time: /^(?<time>[\d.]+) /,
        lines: [{
          match: /task (?<task>\d+) of (?<__proto__>\w+) done/,
          span: "line",
          event: "done",
        }],
      });
      await importJsonLog(db, json, {
        span: "record",
        identity: "id",
        details: name,
      });
      assert.deepEqual(
        rows(db, "SELECT key, attributes ->> '__proto__' AS value FROM span"),
        [
          { key: "5/x", value: "x" },
          { key: "6/y", value: "y" },
          { key: "7", value: "z" },
        ],
      );
      const report = bind(db, [{ context: name }]);
      assert.equal(report.made, 3);
      assert.equal(widen(db, attributes), 0);
      assert.equal(relabel(db, { [name]: "ship" }).changed, 3);
      assert.equal(relabel(db, { ship: name }).changed, 3);

      using other = await open();
      const log = "tests/fixtures/tz/runinfo/000/parsl.log";
      await importRuninfo(other, log, { attributes, progress: false });
      assert.deepEqual(
        rows(
          other,
          "SELECT DISTINCT attributes ->> '__proto__' AS value FROM span",
        ),
        [{ value: "given" }],
      );
    }));
}
