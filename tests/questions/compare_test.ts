import { compare } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { larger, onLogs } from "../importers/logs.ts";

// Computed with Python's datetime over the table status: running to
// running_ended.
onLogs(
  "compare() agrees with the table status",
  [larger("mon-htex")],
  (db) => {
    const [ended] = compare(db, "000", "001", {
      root: "parsl.monitoring.try",
      eventTypes: ["running", "running_ended"],
      spanTypes: ["parsl.monitoring.try"],
    });
    const expected = {
      spans_a: 206,
      spans_b: 206,
      median_a: 0.086722,
      median_b: 0.139055,
      p95_a: 0.200115,
      p95_b: 0.259887,
      lost: 9.57914,
    };
    assert.equal(ended!.event_type, "running_ended");
    for (const [name, value] of Object.entries(expected)) {
      const found = Number(ended![name as keyof typeof ended]);
      assert.ok(Math.abs(found - value) < 1e-4, `${name} ${found} ${value}`);
    }
  },
);

onLogs(
  "compare() finds a run by its id, its directory or a part of either",
  [larger("multi-htex")],
  (db, { path }) => {
    const [a, b] = ["edeb1429-5b59-4b4d-9dfe-188e8a10c5f1", "9fc3"];
    const rows = compare(db, a!, b!);
    for (const names of [["000", "001"], [`${path}/000`, "runinfo/001"]]) {
      assert.deepEqual([...compare(db, names[0]!, names[1]!)], [...rows]);
    }
    // grep -c "submitted for App" in each parsl.log.
    const first = rows.find(({ event_type }) => event_type === "submitted");
    assert.deepEqual([first!.spans_a, first!.spans_b], [119, 155]);
    // Most time is lost while tasks wait for a manager.
    assert.equal(rows[0]!.event_type, "interchange_to_manager");
    assert.throws(() => compare(db, "runinfo", b!), {
      name: "RangeError",
      message: /^"runinfo" matches 2 runs: .*edeb1429.*9fc3cf4b/,
    });
    assert.throws(() => compare(db, "002", b!), {
      name: "RangeError",
      message: /^there is no run "002": there is edeb1429/,
    });
  },
);

onLogs(
  "compare() uses monitoring if a parsl.log is missing",
  [larger("mon-htex")],
  (db) => {
    db.exec(`DELETE FROM span WHERE type LIKE 'parsl.rundir.%'
      AND attributes ->> 'rundir' LIKE '%/001'`);
    const rows = compare(db, "000", "001");
    const first = rows.find(({ event_type }) => event_type === "invoked");
    assert.deepEqual([first!.spans_a, first!.spans_b], [197, 197]);
  },
);
