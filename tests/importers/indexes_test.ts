import { strict as assert } from "node:assert";
import { createSchema, type Database, insertRows } from "dnpc/sql";
import {
  deferIndexes,
  prepareTables,
  restoreIndexes,
} from "../../importers/store/indexes.ts";
import { onDatabase } from "../sql/engines.ts";
import { rows } from "./databases.ts";

const indexesOf = (db: Database) =>
  rows(
    db,
    `SELECT name FROM sqlite_schema
     WHERE type = 'index' AND tbl_name IN ('event_row', 'metric_row') ORDER BY name`,
  ).flat();

const all = ["event_span_time", "event_type_time", "metric_span_name_time"];
const large = 100e6;

onDatabase("deferIndexes() drops indexes until restoreIndexes()", (db) => {
  prepareTables(db);
  assert.deepEqual(indexesOf(db), all);
  deferIndexes(db, large);
  assert.deepEqual(indexesOf(db), []);
  prepareTables(db);
  assert.deepEqual(indexesOf(db), []);
  restoreIndexes(db);
  assert.deepEqual(indexesOf(db), all);
});

onDatabase(
  "deferIndexes() keeps the indexes for a small import or a large table",
  (db) => {
    createSchema(db);
    deferIndexes(db, 100e3);
    assert.deepEqual(indexesOf(db), all);
    insertRows(db, "event", ["id", "span_id", "type"], [[9e6, 1, "a"]]);
    deferIndexes(db, large);
    assert.deepEqual(indexesOf(db), all);
  },
);

onDatabase(
  "prepareTables() restores all indexes after a rolled-back import",
  (db) => {
    assert.throws(() =>
      db.transaction(() => {
        prepareTables(db);
        deferIndexes(db, large);
        throw new Error("cut short");
      })
    );
    prepareTables(db);
    assert.deepEqual(indexesOf(db), all);
    restoreIndexes(db);
    assert.deepEqual(indexesOf(db), all);
  },
);

onDatabase(
  "prepareTables() creates the indexes that a killed import dropped",
  (db) => {
    createSchema(db);
    for (const name of all) db.exec(`DROP INDEX ${name}`);
    prepareTables(db);
    assert.deepEqual(indexesOf(db), all);
  },
);
