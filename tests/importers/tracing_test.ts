// Over 300 lines: pickles of all protocols, good and hostile, as text.

import { strict as assert } from "node:assert";
import { importParslTracing, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { randomNumbers } from "./damage.ts";
import {
  attributesOf,
  descLogs,
  eventTexts,
  larger,
  onLogs,
  withFiles,
} from "./logs.ts";

const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

const pickle = () =>
  Deno.readFileSync(`${descLogs.path}/000/parsl_tracing.pickle`);

const tracingTypes = `
  SELECT type, count(*) AS spans FROM span WHERE type LIKE 'parsl.tracing.%'
  GROUP BY type`;

// Counted with Python's pickle.
onLogs("importParslTracing() reads each event and each bind", [
  descLogs,
  larger("desc-wq"),
], (db, { path }, { sources }) => {
  const source = sources.find(({ importer }) =>
    importer === "parsl_tracing.pickle"
  )!;
  assert.equal(source.path, `${path}/000/parsl_tracing.pickle`);
  assert.deepEqual(
    [source.lines, source.matched, source.events, source.malformed],
    [3836 + 191, 4027, 3836, 0],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT span.type, count(*), count(DISTINCT span_id) FROM event
       JOIN span ON span.id = span_id WHERE span.type LIKE 'parsl.tracing.%'
       GROUP BY 1`,
    ),
    [
      ["parsl.tracing.EXECUTOR_TASK", 1512, 63],
      ["parsl.tracing.PACKAPPLY", 315, 63],
      ["parsl.tracing.TASK", 1294, 62],
      ["parsl.tracing.TRY", 715, 65],
    ],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT o.type AS one, i.type AS other, count(*) FROM subspan
       JOIN span o ON o.id = superspan_id JOIN span i ON i.id = subspan_id
       WHERE rule_id IS NULL AND o.type LIKE 'parsl.tracing.%' GROUP BY 1, 2`,
    ),
    [
      ["parsl.tracing.EXECUTOR_TASK", "parsl.tracing.PACKAPPLY", 63],
      ["parsl.tracing.EXECUTOR_TASK", "parsl.tracing.WQ_TASK", 63],
      ["parsl.tracing.TASK", "parsl.tracing.TRY", 65],
    ],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT time, event.type, named, line, offset FROM event
       JOIN span ON span.id = span_id WHERE span.type = 'parsl.tracing.TASK'
       ORDER BY line LIMIT 2`,
    ),
    [
      [1795346882.3849645, "DFK_SUBMIT_START", 1, 1, null],
      [1795346882.3849666, "DFK_SUBMIT_CHOOSE_EXECUTOR_START", 1, 2, null],
    ],
  );
});

onLogs(
  "importRuninfo() binds traced spans to those of parsl.log and Work Queue",
  [larger("desc-wq")],
  (db, _, { bindings }) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT l.type AS one, r.type AS other, count(*), count(DISTINCT r.id),
           sum(l.attributes ->> 'task' IS r.attributes ->> 'task'
             OR l.type LIKE '%EXEC%' OR l.type LIKE '%WQ%')
         FROM facet JOIN span l ON l.id = left_id JOIN span r ON r.id = right_id
         WHERE l.type LIKE 'parsl.tracing.%' GROUP BY 1, 2`,
      ),
      [
        [
          "parsl.tracing.EXECUTOR_TASK",
          "parsl.executors.workqueue.executor_task",
          63,
          63,
          63,
        ],
        ["parsl.tracing.TASK", "parsl.rundir.task", 62, 62, 62],
        ["parsl.tracing.TRY", "parsl.rundir.try", 65, 65, 65],
        ["parsl.tracing.WQ_TASK", "workqueue.task", 63, 63, 63],
      ],
    );
    assert.equal(bindings.contradicted, 0);
  },
);

Deno.test("importRuninfo() does not guess which executor was traced", () => {
  const launch = (executor: string, task: number) => {
    const line =
      "1795344290.000000 2026-11-22 10:44:50 P-1 T-2 parsl.executors.workqueue.executor:9 f INFO: ";
    return `${line}Creating executor task 70000 for function f\n` +
      `${line}Parsl task ${task} try 0 launched on executor ${executor} with executor id 70000\n`;
  };
  return withFiles({
    "000/parsl.log": launch("one", 7) + launch("two", 8),
    "000/parsl_tracing.pickle": bytesOf(pickles[4]!),
  }, (db, { bindings }) => {
    assert.deepEqual(rows(db, "SELECT * FROM facet"), []);
    assert.equal(bindings.contradicted, 1);
  });
});

// Python's pickle.dumps, by protocol, of
// {"events": [(1795346882.5, "A_START", "TASK", 0),
//    (1795346882.75, "B", "TRY", (0, 1)), (1795346883.0, "C", "PACKAPPLY", "8f68"),
//    (1795346884.0, "D", "EXECUTOR_TASK", 70000)],
//  "binds": [("TASK", 0, "TRY", (0, 1)),
//    ("EXECUTOR_TASK", 70000, "WQ_TASK", 70001)]}
const pickles = [
  "KGRwMApWZXZlbnRzCnAxCihscDIKKEYxNzk1MzQ2ODgyLjUKVkFfU1RBUlQKcDMKVlRBU0sKcDQKSTAKdHA1CmEoRjE3OTUzNDY4ODIuNzUKVkIKcDYKVlRSWQpwNwooSTAKSTEKdHA4CnRwOQphKEYxNzk1MzQ2ODgzLjAKVkMKcDEwClZQQUNLQVBQTFkKcDExClY4ZjY4CnAxMgp0cDEzCmEoRjE3OTUzNDY4ODQuMApWRApwMTQKVkVYRUNVVE9SX1RBU0sKcDE1Ckk3MDAwMAp0cDE2CmFzVmJpbmRzCnAxNwoobHAxOAooZzQKSTAKZzcKZzgKdHAxOQphKGcxNQpJNzAwMDAKVldRX1RBU0sKcDIwCkk3MDAwMQp0cDIxCmFzLg==",
  "fXEAKFgGAAAAZXZlbnRzcQFdcQIoKEdB2sC0cKAAAFgHAAAAQV9TVEFSVHEDWAQAAABUQVNLcQRLAHRxBShHQdrAtHCwAABYAQAAAEJxBlgDAAAAVFJZcQcoSwBLAXRxCHRxCShHQdrAtHDAAABYAQAAAENxClgJAAAAUEFDS0FQUExZcQtYBAAAADhmNjhxDHRxDShHQdrAtHEAAABYAQAAAERxDlgNAAAARVhFQ1VUT1JfVEFTS3EPSnARAQB0cRBlWAUAAABiaW5kc3ERXXESKChoBEsAaAdoCHRxEyhoD0pwEQEAWAcAAABXUV9UQVNLcRRKcREBAHRxFWV1Lg==",
  "gAJ9cQAoWAYAAABldmVudHNxAV1xAigoR0HawLRwoAAAWAcAAABBX1NUQVJUcQNYBAAAAFRBU0txBEsAdHEFKEdB2sC0cLAAAFgBAAAAQnEGWAMAAABUUllxB0sASwGGcQh0cQkoR0HawLRwwAAAWAEAAABDcQpYCQAAAFBBQ0tBUFBMWXELWAQAAAA4ZjY4cQx0cQ0oR0HawLRxAAAAWAEAAABEcQ5YDQAAAEVYRUNVVE9SX1RBU0txD0pwEQEAdHEQZVgFAAAAYmluZHNxEV1xEigoaARLAGgHaAh0cRMoaA9KcBEBAFgHAAAAV1FfVEFTS3EUSnERAQB0cRVldS4=",
  "gAN9cQAoWAYAAABldmVudHNxAV1xAigoR0HawLRwoAAAWAcAAABBX1NUQVJUcQNYBAAAAFRBU0txBEsAdHEFKEdB2sC0cLAAAFgBAAAAQnEGWAMAAABUUllxB0sASwGGcQh0cQkoR0HawLRwwAAAWAEAAABDcQpYCQAAAFBBQ0tBUFBMWXELWAQAAAA4ZjY4cQx0cQ0oR0HawLRxAAAAWAEAAABEcQ5YDQAAAEVYRUNVVE9SX1RBU0txD0pwEQEAdHEQZVgFAAAAYmluZHNxEV1xEigoaARLAGgHaAh0cRMoaA9KcBEBAFgHAAAAV1FfVEFTS3EUSnERAQB0cRVldS4=",
  "gASVxQAAAAAAAAB9lCiMBmV2ZW50c5RdlCgoR0HawLRwoAAAjAdBX1NUQVJUlIwEVEFTS5RLAHSUKEdB2sC0cLAAAIwBQpSMA1RSWZRLAEsBhpR0lChHQdrAtHDAAACMAUOUjAlQQUNLQVBQTFmUjAQ4ZjY4lHSUKEdB2sC0cQAAAIwBRJSMDUVYRUNVVE9SX1RBU0uUSnARAQB0lGWMBWJpbmRzlF2UKChoBEsAaAdoCHSUKGgPSnARAQCMB1dRX1RBU0uUSnERAQB0lGV1Lg==",
  "gAWVxQAAAAAAAAB9lCiMBmV2ZW50c5RdlCgoR0HawLRwoAAAjAdBX1NUQVJUlIwEVEFTS5RLAHSUKEdB2sC0cLAAAIwBQpSMA1RSWZRLAEsBhpR0lChHQdrAtHDAAACMAUOUjAlQQUNLQVBQTFmUjAQ4ZjY4lHSUKEdB2sC0cQAAAIwBRJSMDUVYRUNVVE9SX1RBU0uUSnARAQB0lGWMBWJpbmRzlF2UKChoBEsAaAdoCHSUKGgPSnARAQCMB1dRX1RBU0uUSnERAQB0lGV1Lg==",
];

for (const [protocol, base64] of pickles.entries()) {
  Deno.test(`importRuninfo() reads tracing in pickle protocol ${protocol}`, () =>
    withFiles({ "000/parsl_tracing.pickle": bytesOf(base64) }, (db) => {
      assert.deepEqual(eventTexts(db), [
        "1 parsl.tracing.TASK 0: A_START",
        "2 parsl.tracing.TRY 0/1: B",
        "3 parsl.tracing.PACKAPPLY 8f68: C",
        "4 parsl.tracing.EXECUTOR_TASK 70000: D",
      ]);
      assert.deepEqual(
        rows(
          db,
          `SELECT o.key LIKE '%/0' OR o.key LIKE '%/70000', subspan.key, rule_id
           FROM subspan JOIN span o ON o.id = superspan_id ORDER BY 2`,
        ),
        [[1, "0/1", null], [1, "70001", null]],
      );
      const types = ["TASK", "TRY", "PACKAPPLY", "EXECUTOR_TASK", "WQ_TASK"];
      assert.deepEqual(
        types.flatMap((type) => attributesOf(db, `parsl.tracing.${type}`)),
        [
          { task: "0" },
          { task: "0", try: "1" },
          { id: "8f68" },
          { executor_task: "70000" },
          { workqueue_task: "70001" },
        ],
      );
    }));
}

// {"events": [(1795346882.5, "A", "TASK", 0), evil, (evil, "B", "TASK", 1),
//    (1795346883.5, "C", "TASK", 2)], "binds": [evil], "x": evil}
// by protocol 0, 2 and 4, where evil is os.system("touch pwned").
const hostile = [
  "KGRwMApWZXZlbnRzCnAxCihscDIKKEYxNzk1MzQ2ODgyLjUKVkEKcDMKVlRBU0sKcDQKSTAKdHA1CmFjcG9zaXgKc3lzdGVtCnA2CihWdG91Y2ggcHduZWQKcDcKdHA4ClJwOQphKGc2Cmc4ClJwMTAKVkIKcDExCmc0CkkxCnRwMTIKYShGMTc5NTM0Njg4My41ClZDCnAxMwpnNApJMgp0cDE0CmFzVmJpbmRzCnAxNQoobHAxNgpnNgpnOApScDE3CmFzVngKcDE4Cmc2Cmc4ClJwMTkKcy4=",
  "gAJ9cQAoWAYAAABldmVudHNxAV1xAigoR0HawLRwoAAAWAEAAABBcQNYBAAAAFRBU0txBEsAdHEFY3Bvc2l4CnN5c3RlbQpxBlgLAAAAdG91Y2ggcHduZWRxB4VxCFJxCShoBmgIUnEKWAEAAABCcQtoBEsBdHEMKEdB2sC0cOAAAFgBAAAAQ3ENaARLAnRxDmVYBQAAAGJpbmRzcQ9dcRBoBmgIUnERYVgBAAAAeHESaAZoCFJxE3Uu",
  "gASVkAAAAAAAAAB9lCiMBmV2ZW50c5RdlCgoR0HawLRwoAAAjAFBlIwEVEFTS5RLAHSUjAVwb3NpeJSMBnN5c3RlbZSTlIwLdG91Y2ggcHduZWSUhZRSlChoCGgKUpSMAUKUaARLAXSUKEdB2sC0cOAAAIwBQ5RoBEsCdJRljAViaW5kc5RdlGgIaApSlGGMAXiUaAhoClKUdS4=",
];

for (const base64 of hostile) {
  Deno.test("importRuninfo() runs no function that a pickle calls", () =>
    withFiles(
      { "000/parsl_tracing.pickle": bytesOf(base64) },
      (db, { sources: [source] }) => {
        assert.deepEqual(eventTexts(db), [
          "1 parsl.tracing.TASK 0: A",
          "4 parsl.tracing.TASK 2: C",
        ]);
        assert.deepEqual(source!.malformedLines, [2, 3, 5]);
        assert.throws(() => Deno.statSync("pwned"), Deno.errors.NotFound);
      },
    ));
}

/**
 * Imports a pickle beside an intact parsl.log; asserts that a failure adds no
 * events.
 */
async function outcomes(bytes: Uint8Array<ArrayBuffer>) {
  let found: [string, string | undefined][] = [];
  const line =
    "1795344290.000000 2026-11-22 10:44:50 P-1 T-2 parsl.a:9 f INFO: Run id is: one\n";
  await withFiles({
    "000/parsl.log": line,
    "000/parsl_tracing.pickle": bytes,
  }, (db, { sources }, folder) => {
    found = sources.map(({ outcome, error }) => [
      outcome,
      error?.replace(folder, ""),
    ]);
    const events = db.query("SELECT 1 FROM event").length;
    assert.ok(events >= 1);
    if (found[1]?.[0] === "failed") assert.equal(events, 1);
  });
  return found;
}

Deno.test("importRuninfo() fails on a pickle truncated anywhere and reads the other files", async () => {
  const whole = bytesOf(pickles[4]!);
  for (let length = 1; length < whole.length; length += 3) {
    const [log, tracing] = await outcomes(whole.slice(0, length));
    assert.deepEqual(log, ["imported", undefined]);
    assert.equal(tracing![0], "failed");
    assert.match(tracing![1]!, /^\/000\/parsl_tracing\.pickle .*damaged/);
  }
});

Deno.test("importRuninfo() imports or rejects a pickle with a flipped bit", async () => {
  for (const protocol of [0, 2, 4]) {
    const whole = bytesOf(pickles[protocol]!);
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = whole.slice();
      bytes[at]! ^= 1 << (at % 8);
      const [log, tracing] = await outcomes(bytes);
      assert.deepEqual(log, ["imported", undefined]);
      assert.ok(["imported", "failed"].includes(tracing![0]));
    }
  }
});

Deno.test("importRuninfo() imports or rejects the pickle of a run with flipped bits", async () => {
  const random = randomNumbers(3);
  for (let i = 0; i < 20; i++) {
    const bytes = pickle();
    for (let flips = 0; flips < 3; flips++) {
      bytes[Math.floor(random() * bytes.length)]! ^= 1 <<
        Math.floor(random() * 8);
    }
    const [log, tracing] = await outcomes(bytes);
    assert.deepEqual(log, ["imported", undefined]);
    assert.ok(["imported", "failed"].includes(tracing![0]));
  }
});

const wrong: [claim: string, base64: string][] = [
  ["a list", btoa("].")],
  ["a dict without events", btoa("}.")],
  // BINBYTES with length -6 would jump back to itself forever.
  ["a negative length", btoa("B\xfa\xff\xff\xff.")],
  ["no opcode", btoa("hello")],
];

for (const [claim, base64] of wrong) {
  Deno.test(`importRuninfo() reports an error for a pickle of ${claim}`, async () => {
    const [, tracing] = await outcomes(bytesOf(base64));
    assert.equal(tracing![0], "failed");
    assert.match(tracing![1]!, /^\/000\/parsl_tracing\.pickle (is|holds) /);
  });
}

Deno.test("importParslTracing() ignores the same pickle and replaces a changed one", () =>
  inFolder(async (folder) => {
    const path = `${await Deno.realPath(folder)}/parsl_tracing.pickle`;
    using db: Database = await openDatabase();
    const outcome = async (bytes: Uint8Array) => {
      await Deno.writeFile(path, bytes);
      const { sources } = await importParslTracing(db, path);
      return sources[0]!.outcome;
    };
    assert.equal(await outcome(pickle()), "imported");
    assert.equal(await outcome(pickle()), "unchanged");
    assert.equal(await outcome(bytesOf(pickles[5]!)), "replaced");
    assert.deepEqual(rows(db, tracingTypes), [
      ["parsl.tracing.EXECUTOR_TASK", 1],
      ["parsl.tracing.PACKAPPLY", 1],
      ["parsl.tracing.TASK", 1],
      ["parsl.tracing.TRY", 1],
      ["parsl.tracing.WQ_TASK", 1],
    ]);
    assert.equal(rows(db, "SELECT 1 FROM subspan").length, 2);
  }));

// grep -vc META_PATH over the 63 logs: 1323; events counted with awk.
onLogs(
  "importRuninfo() reads the log of each Work Queue task",
  [larger("desc-wq")],
  (db, _, { sources }) => {
    const logs = sources.filter(({ importer }) =>
      importer === "function_data log"
    );
    const sum = (name: "lines" | "matched" | "events" | "spans") =>
      logs.reduce((total, log) => total + log[name], 0);
    assert.deepEqual(
      [logs.length, sum("lines"), sum("matched"), sum("events"), sum("spans")],
      [63, 49_902, 49_902, 1323, 63],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT count(*), count(DISTINCT event.type),
           sum(event.type LIKE 'LOADPICKLED_%'), sum(event.type = 'DONE')
         FROM event JOIN span ON span.id = span_id
         WHERE span.type = 'parsl.executors.workqueue.executor_task.remote'`,
      ),
      [[1323, 18, 378, 63]],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT count(*), sum(r.attributes ->> 'task' = y.attributes ->> 'task')
         FROM subspan one JOIN subspan two ON two.superspan_id = one.subspan_id
         JOIN span y ON y.id = one.superspan_id
         JOIN span r ON r.id = two.subspan_id
         WHERE y.type = 'parsl.rundir.try' AND r.type LIKE '%.remote'`,
      ),
      [[63, 63]],
    );
  },
);

Deno.test("importParslTracing() identifies a task's log by its directory", () =>
  withFiles({
    "000/wq/function_data/0039/log": "1795346925.5 START\n" +
      "1795346925.625 META_PATH struct\n1795346926.0 DONE\nhalf a",
    "000/wq/function_data/0040/log": "no such log\n",
    "000/wq/0041/log": "1795346925.5 START\n",
  }, (db, { sources, notRead }) => {
    assert.deepEqual(eventTexts(db), [
      "1 parsl.executors.workqueue.executor_task.remote wq/39: START",
      "3 parsl.executors.workqueue.executor_task.remote wq/39: DONE",
    ]);
    assert.deepEqual(sources.map(({ lines, matched }) => [lines, matched]), [[
      3,
      3,
    ]]);
    assert.equal(notRead.length, 2);
  }));

Deno.test("importRuninfo() reads the fixture's tracing without the run's other logs", async () => {
  using db = await openDatabase();
  const { sources } = await importRuninfo(db, descLogs.path);
  assert.deepEqual(
    sources.map(({ outcome, events }) => [outcome, events]),
    // grep -vc META_PATH
    [["imported", 3836], ["imported", 21], ["imported", 21]],
  );
});
