import { strict as assert } from "node:assert";
import { onEngines, value } from "./engines.ts";

onEngines("define() registers a function, and replaces it", (db) => {
  db.define("half", (x) => Number(x) / 2);
  assert.equal(value(db, "SELECT half(5)"), 2.5);
  db.define("half", (x) => `half of ${x}`);
  assert.equal(value(db, "SELECT half('ten')"), "half of ten");
});

onEngines("define() passes the values of a row", (db) => {
  db.define("shown", (a, b, c) => [a, b, c].map(String).join());
  assert.equal(value(db, "SELECT shown(NULL, 'é', x'0102')"), "null,é,1,2");
});

onEngines(
  "define() makes a statement fail with the error, and undoes it",
  (db) => {
    db.exec("CREATE TABLE t (x)");
    db.define("odd", (x) => {
      if (Number(x) % 2 === 0) throw new RangeError(`${x} is even`);
      return true;
    });
    assert.throws(
      () => db.run("INSERT INTO t SELECT odd(value) FROM json_each('[1,3,4]')"),
      { name: "DatabaseError", message: /^4 is even\n/ },
    );
    assert.equal(value(db, "SELECT count(*) FROM t"), 0);
    db.run("INSERT INTO t SELECT odd(value) FROM json_each('[1,3]')");
    assert.equal(value(db, "SELECT sum(x) FROM t"), 2);
  },
);

onEngines("define() refuses names that are taken", (db) => {
  db.define("half", (x) => Number(x) / 2);
  assert.throws(() => db.define("median", (x) => x === null), {
    name: "TypeError",
    message:
      "median() is a function that dnpc adds to SQL: choose another name",
  });
  assert.throws(() => db.define("HALF", (x, y) => x === y), {
    name: "TypeError",
    message: /^HALF\(\) was defined with 1 argument, and now has 2: /,
  });
  assert.equal(value(db, "SELECT Half(5)"), 2.5);
});
