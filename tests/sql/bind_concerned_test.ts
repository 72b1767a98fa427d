import { strict as assert } from "node:assert";
import { bind } from "dnpc/sql";
import { onDatabase } from "./engines.ts";
import { addSpans, edges } from "./spans.ts";

onDatabase(
  "bind() implies attributes whose names are escaped in JSON",
  (db) => {
    addSpans(db, [
      { type: "ticket", attributes: { cabin: "12", ship: "a" } },
      { type: "guest", attributes: { cabin: "12" } },
    ]);
    db.run(String.raw`UPDATE span SET
    attributes = replace(attributes, '"cabin"', '"\u0063abin"')`);
    const report = bind(db, [{ implies: ["cabin"], gives: ["ship"] }]);
    assert.equal(report.made, 1);
  },
);

onDatabase(
  "bind() counts spans without a partner if the rule requires one and there is any",
  (db) => {
    addSpans(db, [
      { type: "guest", attributes: { cabin: "12" } },
      { type: "guest", attributes: { cabin: "13" } },
      { type: "cabin", attributes: { cabin: "12" } },
      { type: "boat", attributes: { cabin: "14" } },
      { type: "port", attributes: { cabin: "15" } },
    ]);
    const report = bind(db, [
      { implies: ["deck"], gives: ["ship"] },
      { subspan: ["ship", "guest"], on: ["cabin"] },
      { subspan: ["cabin", "guest"], on: ["cabin"] },
      { subspan: ["port", "guest"], on: ["cabin"] },
      { subspan: ["boat", "guest"], on: ["cabin"], optional: true },
    ]);
    assert.deepEqual(
      report.rules.map(({ made, unbound }) => [made, unbound]),
      [[0, 0], [0, 0], [1, 1], [0, 2], [0, 0]],
    );
    assert.deepEqual(edges(db), ["3 > 1"]);
  },
);

onDatabase(
  "bind() removes an implied attribute once no rule implies it",
  (db) => {
    addSpans(db, [
      { type: "ticket", attributes: { cabin: "12", ship: "a" } },
      { type: "guest", attributes: { cabin: "12" } },
    ]);
    const implies = { implies: ["cabin"], gives: ["ship"] };
    bind(db, [implies]);
    assert.equal(implied(), '["ship"]');
    db.run("DELETE FROM span WHERE type = 'ticket'");
    bind(db, [{ implies: ["cabin"], gives: ["deck"] }]);
    assert.equal(implied(), null);
    function implied() {
      return db.query("SELECT implied FROM span WHERE type = 'guest'")[0]!
        .implied;
    }
  },
);
