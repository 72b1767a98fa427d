import { strict as assert } from "node:assert";
import { bind, openDatabase, type Rule } from "dnpc/sql";
import { inFolder, onEngines } from "./engines.ts";
import { addSpans, edges } from "./spans.ts";

const rules: Rule[] = [{ subspan: ["ship", "guest"], on: ["ship"] }];
const spans = [
  { type: "ship", attributes: { ship: "a" } },
  { type: "guest", attributes: { ship: "a" } },
  { type: "guest", attributes: { ship: "b" } },
];
const moveGuest = `UPDATE span SET attributes = '{"ship":"a"}' WHERE id = 3`;

onEngines("bind() binds again only after a change", (db) => {
  addSpans(db, spans);
  const first = bind(db, rules);
  assert.equal(bind(db, rules), first);
  assert.notEqual(bind(db, [...rules, { context: "ship" }]), first);
  assert.equal(bind(db, rules).made, 1);
  db.run(moveGuest);
  assert.equal(bind(db, rules).made, 2);
  assert.deepEqual(edges(db), ["1 > 2", "1 > 3"]);
  // Edges that somebody else removed come back.
  db.exec("DELETE FROM subspan");
  bind(db, rules);
  assert.deepEqual(edges(db), ["1 > 2", "1 > 3"]);
});

onEngines("bind() binds again after a rollback", (db) => {
  addSpans(db, spans);
  assert.throws(() =>
    db.transaction(() => {
      bind(db, rules);
      throw new RangeError("stop");
    }), RangeError);
  assert.deepEqual(edges(db), []);
  bind(db, rules);
  assert.deepEqual(edges(db), ["1 > 2"]);
  db.exec(`BEGIN; ${moveGuest}`);
  bind(db, rules);
  db.exec("ROLLBACK");
  assert.equal(bind(db, rules).made, 1);
  assert.deepEqual(edges(db), ["1 > 2"]);
});

Deno.test("bind() binds again after another connection changed the file", () =>
  inFolder(async (folder) => {
    using db = await openDatabase(`${folder}/test.sqlite3`);
    using other = await openDatabase(`${folder}/test.sqlite3`);
    addSpans(db, spans);
    bind(db, rules);
    other.run(moveGuest);
    assert.equal(bind(db, rules).made, 2);
  }));
