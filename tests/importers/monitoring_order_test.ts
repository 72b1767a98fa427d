import { strict as assert } from "node:assert";
import {
  importMonitoringDb,
  importParslLog,
  importRuninfo,
} from "dnpc/importers";
import { type Database, openDatabase, type Rule } from "dnpc/sql";
import { inFolder, value } from "../sql/engines.ts";
import { copyOf, rows, tz } from "./databases.ts";

const log = tz.path.replace("monitoring.db", "000/parsl.log");

const facets = (db: Database) =>
  rows(
    db,
    `SELECT l.type, l.key, r.type, r.key FROM facet
     JOIN span AS l ON l.id = left_id JOIN span AS r ON r.id = right_id
     ORDER BY 1, 2, 3, 4`,
  );

Deno.test("importMonitoringDb() gives the same facets before and after importParslLog()", async () => {
  using before = await openDatabase();
  await importMonitoringDb(before, tz.path, tz.options);
  await importParslLog(before, log, tz.options);
  using after = await openDatabase();
  await importParslLog(after, log, tz.options);
  const { bindings } = await importMonitoringDb(after, tz.path, tz.options);
  // sqlite3 counts 62 rows in the table task and 63 in try.
  assert.ok(facets(before).length >= 125, `${facets(before).length}`);
  assert.deepEqual(facets(after), facets(before));
  assert.ok(bindings.made > 0);
});

Deno.test("importMonitoringDb() binds by options.rules", async () => {
  using db = await openDatabase();
  await importParslLog(db, log, tz.options);
  await importMonitoringDb(db, tz.path, { ...tz.options, rules: [] });
  assert.equal(value(db, "SELECT count(*) FROM facet"), 0);
});

Deno.test("importRuninfo() refuses a rule as text before it reads anything", async () => {
  using db = await openDatabase();
  const rules = ["subspan: ship > cabin on ship"] as unknown as Rule[];
  await assert.rejects(importRuninfo(db, tz.path, { rules }), {
    name: "TypeError",
    message: /^a rule is { facet: .* not "subspan: ship > cabin on ship"$/,
  });
  assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
});

Deno.test("importMonitoringDb() reads a tarball and a directory", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/runinfo`);
    await copyOf(tz, `${folder}/runinfo/monitoring.db`);
    await Deno.writeTextFile(`${folder}/runinfo/parsl.log`, "");
    await new Deno.Command("tar", {
      args: ["-czf", `${folder}/runs.tar.gz`, "-C", folder, "runinfo"],
    }).output();
    for (const name of ["runs.tar.gz", "runinfo"]) {
      using db = await openDatabase();
      const { sources } = await importMonitoringDb(
        db,
        `${folder}/${name}`,
        tz.options,
      );
      assert.deepEqual(
        sources.map(({ outcome, lines }) => [outcome, lines]),
        [["imported", 575]],
      );
      assert.equal(value(db, "SELECT count(*) FROM monitoring_task"), 62);
    }
    await new Deno.Command("tar", {
      args: ["-czf", `${folder}/none.tar.gz`, "-C", `${folder}/runinfo`]
        .concat("parsl.log"),
    }).output();
    using db = await openDatabase();
    await assert.rejects(importMonitoringDb(db, `${folder}/none.tar.gz`), {
      name: "TypeError",
      message: /none\.tar\.gz contains no monitoring\.db of Parsl$/,
    });
  }));
