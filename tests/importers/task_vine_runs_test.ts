// TaskVine's logs lie beside the run directory of Parsl: what relates them.

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { importRuninfo } from "dnpc/importers";
import { attempts, story, whereIsEveryTask } from "dnpc/questions";
import { type Database, openDatabase } from "dnpc/sql";
import { sets, unpacked } from "../questions/workers_by_hand/by_hand.ts";
import { rows } from "./databases.ts";
import { onLogs, reached } from "./logs.ts";

const setNamed = (name: string) => sets.find((set) => set.name === name)!;
const slots = setNamed("taskvine-slots");
const library = setNamed("taskvine-library");
/** No call ended, so no taskgraph lists any. */
const failing = setNamed("taskvine-library-failing");

onLogs(
  "attempts() knows the run and the app of tasks that TaskVine executed",
  [slots, library, failing],
  (db, { name }) => {
    const all = attempts(db);
    assert.deepEqual([...new Set(all.map(({ run }) => run))], ["000"]);
    assert.equal(all.filter(({ app }) => app === null).length, 0);
    // grep -c 'failed with exception of type' parsl.log: each try once
    const failed = all.filter(({ outcome }) => outcome === "failed");
    assert.equal(failed.length, name === failing.name ? 0 : 8);
  },
);

onLogs(
  "importRuninfo() nests TaskVine's tasks in the tries of their run",
  [slots, library, failing],
  (db, { name }, { bindings }) => {
    // In Python, from the inputs of each TASK in taskgraph, the FILE that is the
    // function, and "launched on executor vine with executor id" in parsl.log:
    // the pairs, those of a second try, and the sum of the products of numbers.
    // For calls that did not end, from "needs file" and "tx to" in debug.
    const pairs = rows(
      db,
      `${reached}
       SELECT count(*), sum(try.attributes ->> 'try'),
         sum((try.attributes ->> 'task') * (work.attributes ->> 'taskvine_task'))
       FROM reached JOIN span AS try ON try.id = try_id
         JOIN span AS work ON work.id = reached.id
       WHERE work.type = 'taskvine.task'`,
    );
    const counted = {
      [slots.name]: [44, 4, 24_430],
      [library.name]: [44, 4, 24_718],
      [failing.name]: [18, 0, 1938],
    };
    assert.deepEqual(pairs, [counted[name]]);
    // grep ' READY ' | cut -d ' ' -f 4 | sort -u: 44 or 40 tasks; 18 were sent
    assert.equal(bindings.unbound, name === failing.name ? 22 : 0);
  },
);

onLogs(
  "whereIsEveryTask() and story() reach TaskVine's events",
  [slots, library],
  (db) => {
    // Distinct tasks in lines with " READY sleeper" or " RUNNING worker-"
    // without those of libraries: 44 each
    const counts = rows(
      db,
      `SELECT state, count(*) FROM (${whereIsEveryTask()})
       WHERE state IN ('in TaskVine', 'in a worker') GROUP BY 1`,
    );
    assert.deepEqual(counts, [["in TaskVine", 44], ["in a worker", 44]]);
    // grep " TASK 20 " transactions; Parsl launched its task 19 as number 19.
    const events = story(db, { task: "19" })
      .filter(({ span_type }) => span_type === "taskvine.task")
      .map(({ event_type }) => event_type)
      .filter((event) => event === event.toUpperCase());
    assert.deepEqual(events, [
      "READY",
      "RUNNING",
      "READY",
      "RUNNING",
      "WAITING_RETRIEVAL",
      "RETRIEVED",
      "DONE",
    ]);
  },
);

/** Spans and edges by keys, in any order. */
const content = (db: Database): string[] =>
  [
    ...rows(db, "SELECT type, key, attributes FROM span").map((
      [type, key, attributes],
    ) => [type, key, Object.entries(JSON.parse(String(attributes))).sort()]),
    ...rows(
      db,
      `SELECT outer.key, inner.type, inner.key, text FROM subspan
         JOIN span AS outer ON outer.id = superspan_id
         JOIN span AS inner ON inner.id = subspan_id
         LEFT JOIN rule ON rule.id = rule_id`,
    ),
  ].map((row) => JSON.stringify(row)).sort();

Deno.test("importRuninfo() relates TaskVine's logs to a run in any order", async () => {
  const runinfo = await unpacked(library);
  const imported = async (...folders: string[]) => {
    const db = await openDatabase();
    for (const folder of folders) {
      await importRuninfo(db, join(runinfo, folder));
    }
    return db;
  };
  using first = await imported("000", "vine");
  using second = await imported("vine", "000");
  assert.deepEqual(content(second), content(first));
  assert.equal(attempts(second).filter(({ task }) => task !== null).length, 48);
});

Deno.test("importRuninfo() keeps runs apart whose executors share a label", async () => {
  using db = await openDatabase();
  for (const set of [slots, library]) {
    const { bindings } = await importRuninfo(db, await unpacked(set));
    assert.equal(bindings.contradicted, 0);
  }
  // "Run id is" in each parsl.log, and the manager's number in transactions
  assert.deepEqual(
    rows(
      db,
      `SELECT attributes ->> 'manager_pid', attributes ->> 'run' FROM span
       WHERE type = 'taskvine.manager' ORDER BY 1`,
    ),
    [
      ["18083", "e9956f0b-75a0-422b-bc35-ed08e34138e1"],
      ["25982", "bb05d007-f2f4-476f-9a43-f843b9ac6847"],
    ],
  );
  assert.equal(
    attempts(db).filter(({ outcome }) => outcome === "failed").length,
    16,
  );
});
