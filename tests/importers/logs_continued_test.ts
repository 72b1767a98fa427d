import { importRuninfo } from "dnpc/importers";
import type { Database } from "dnpc/sql";
import assert from "node:assert/strict";
import { inFolder, onDatabase, value } from "../sql/engines.ts";
import { assertLinear } from "./growth.ts";
import { countLines, larger, logSets, onLogs, withFiles } from "./logs.ts";

const line = (message: string, level = "INFO") =>
  "1795344440.100000 2026-11-22 10:47:20 MainProcess-1 T-1 " +
  `parsl.dataflow.dflow:390 handle_exec_update ${level}: ${message}`;

const failed = line("Task 7 failed after 0 retry attempts", "ERROR");
const traceback = [
  "Traceback (most recent call last):",
  '  File "a.py", line 1, in f',
  '    raise ValueError("disk full")',
  "ValueError: disk full",
];

interface Continued {
  line: number;
  event: string;
  more: string | null;
  cut: number | null;
  exception: string | null;
}

const continuedIn = (db: Database) =>
  db.query<Continued>(
    `SELECT line, type AS event, attributes ->> 'more' AS more,
       attributes ->> 'more_cut' AS cut, attributes ->> 'exception' AS exception
     FROM event WHERE attributes ->> 'more' IS NOT NULL ORDER BY id`,
  ).map((row) => ({ ...row }));

const read = (
  lines: readonly string[],
  work: (found: Continued[], db: Database) => void,
) =>
  withFiles(
    { "000/parsl.log": lines.join("\n") + "\n" },
    (db) => work(continuedIn(db), db),
  );

Deno.test("importRuninfo() keeps a traceback with its event, and the exception with its try", () =>
  read([failed, ...traceback, line("DFK cleanup complete")], (found, db) => {
    const more = traceback.join("\n");
    assert.deepEqual(found, [
      { line: 1, event: "failed", more, cut: null, exception: "ValueError" },
    ]);
    assert.deepEqual(
      {
        ...db.query(
          `SELECT attributes ->> 'exception' AS type,
           attributes ->> 'exception_message' AS message
         FROM span WHERE type = 'parsl.rundir.try'`,
        )[0],
      },
      { type: "ValueError", message: "disk full" },
    );
  }));

Deno.test("importRuninfo() keeps empty lines between continued ones", () =>
  read(
    [failed, "", "a", "", "", "b", "", ""],
    ([found]) => assert.equal(found?.more, "\na\n\n\nb"),
  ));

Deno.test("importRuninfo() makes an event of a line that others continue, unless told to count", async () => {
  const log = [line("Starting DataFlowKernel with config"), "Config(", ")"];
  await read(log, ([found], db) => {
    assert.equal(found?.event, "Starting DataFlowKernel with config");
    assert.equal(found.more, "Config(\n)");
    assert.equal(value(db, "SELECT type FROM span"), "parsl.rundir.workflow");
  });
  await withFiles(
    { "000/parsl.log": log.join("\n") + "\n" },
    (db) => assert.deepEqual(continuedIn(db), []),
    { unknown: "count" },
  );
});

Deno.test("importRuninfo() takes the first continued line for an empty message", () =>
  read([line(""), "  Manager ID: 5", "  Block ID: 0"], ([found]) => {
    assert.equal(found?.event, "Manager ID: %s");
    assert.equal(found.more, "  Block ID: 0");
  }));

Deno.test("importRuninfo() keeps lines that continue no line, without a time", () =>
  read([
    "    start of it was cut off",
    "OSError: gone",
    line("DFK cleanup complete"),
    "1795344440.1 2026-",
    "it goes on",
    "and on",
  ], (found, db) => {
    assert.deepEqual(
      found.map(({ line, event, more }) => [line, event, more]),
      [
        [1, "    start of it was cut off", "OSError: gone"],
        [5, "it goes on", "and on"],
      ],
    );
    assert.equal(value(db, "SELECT count(*) FROM event WHERE time IS NULL"), 2);
  }));

// 9,000 lines of 20 bytes: 180,000 bytes, of which 64 Ki and 16 Ki are kept.
Deno.test("importRuninfo() keeps the start and the end of a long traceback", () => {
  const frames = Array.from(
    { length: 9000 },
    (_, i) => `  File "${String(i).padStart(9, "0")}"`,
  );
  const log = [failed, traceback[0]!, ...frames, "RecursionError: deep"];
  return read(log, ([found]) => {
    const [start, end] = found!.more!.split("\n  …\n") as [string, string];
    assert.equal(start.length, 65_536);
    assert.ok(log.slice(1).join("\n").startsWith(start));
    assert.ok(end.length > 16_000 && end.length <= 16_384);
    assert.ok(log.join("\n").endsWith(end));
    const whole = start.split("\n").length - 1 + end.split("\n").length;
    assert.equal(found!.cut, 9002 - whole);
    assert.equal(found!.exception, "RecursionError");
  });
});

Deno.test("importRuninfo() keeps 64 Ki of a single long line", () =>
  read([failed, "x".repeat(100_000)], ([found]) => {
    assert.equal(
      found?.more,
      `${"x".repeat(65_536)}\n  …\n${"x".repeat(16_384)}`,
    );
    assert.equal(found.cut, 1);
  }));

Deno.test("importRuninfo() reads continued lines in linear time", () =>
  assertLinear((size) => {
    const more = "  more\n".repeat(size) + "\n".repeat(size) + "x\n";
    return withFiles(
      { "000/parsl.log": `${failed}\n${more}` },
      (db) => assert.equal(continuedIn(db).length, 1),
    );
  }, 100_000));

Deno.test("importRuninfo() stores a continuation at most 16 times", () =>
  withFiles({
    "000/htex/interchange.log": [
      "1795344440.1 2026-11-22 10:47:20 P-1 T-1 a.b:1 f DEBUG: Sent tasks: " +
      `[${Array.from({ length: 1000 }, (_, i) => i)}] to manager b'c'`,
      "more",
      "",
    ].join("\n").replaceAll(/,(?=\d)/g, ", "),
  }, (db) => {
    assert.equal(value(db, "SELECT count(*) FROM event"), 1000);
    assert.equal(continuedIn(db).length, 16);
  }));

onDatabase(
  "importRuninfo() adds the rest of a traceback to its event",
  (db) =>
    inFolder(async (folder) => {
      const log = [failed, ...traceback].join("\n") + "\n";
      const path = `${folder}/parsl.log`;
      const outcome = async (length: number) => {
        await Deno.writeTextFile(path, log.slice(0, length));
        return (await importRuninfo(db, path)).sources[0]!.outcome;
      };
      assert.equal(await outcome(log.indexOf("  File")), "imported");
      assert.equal(await outcome(log.length), "replaced");
      await Deno.writeTextFile(path, `${log}${failed}\n`);
      assert.equal(
        (await importRuninfo(db, path)).sources[0]!.outcome,
        "grown",
      );
      const found = continuedIn(db);
      assert.deepEqual(found.map(({ line }) => line), [1]);
      assert.equal(found[0]!.more, traceback.join("\n"));
      assert.equal(value(db, "SELECT count(*) FROM event"), 2);
      assert.equal(value(db, "SELECT count(*) FROM origin"), 1);
    }),
);

Deno.test("importRuninfo() reads the traceback in a JSON record", () => {
  const record = {
    created: 1795345375.07,
    name: "parsl.dataflow.dflow",
    lineno: 1,
    levelname: "ERROR",
    processName: "P",
    process: 1,
    threadName: "T",
    formatted: ["Task 7 failed after 0 retry attempts", ...traceback].join(
      "\n",
    ),
  };
  return withFiles(
    { "000/parsl.jsonlog": JSON.stringify(record) + "\n" },
    (db) => {
      const [found] = continuedIn(db);
      assert.equal(found?.more, traceback.join("\n"));
      assert.equal(found.exception, "ValueError");
    },
  );
});

const beginning =
  /^\d{9,10}\.\d+ \d{4}-\d\d-\d\d |^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+ /;

// As grep -vcE counts lines without the beginning of one, and finds their texts.
onLogs(
  "importRuninfo() keeps every continued line",
  [...logSets, ...["tz", "wq"].map(larger)],
  (db) => {
    const sources = db.query<{ id: number; path: string }>(
      "SELECT id, path FROM source WHERE importer LIKE '%.log' AND copies = 0",
    );
    let count = 0;
    for (const { id, path } of sources) {
      const more = new Map(
        db.query<{ line: number; text: string }>(
          `SELECT line, type || char(10) || ifnull(attributes ->> 'more', '')
             AS text
           FROM event WHERE source_id = ?`,
          [id],
        ).map(({ line, text }) => [line, text]),
      );
      let above = 0;
      for (
        const [i, text] of Deno.readTextFileSync(path).split("\n").entries()
      ) {
        if (beginning.test(text)) above = i + 1;
        else if (text !== "" && !/Python version/.test(text)) {
          assert.ok(more.get(above)?.includes(text), `${path}:${i + 1}`);
          count++;
        }
      }
    }
    assert.ok(count > 50, `${count}`);
  },
);

// As grep -cE does.
onLogs(
  "importRuninfo() keeps every line of level WARNING and above",
  logSets,
  (db) => {
    const sources = db.query<{ path: string; lines: number; errors: number }>(
      `SELECT path, count(DISTINCT line) AS lines,
         count(DISTINCT iif(level = 'ERROR', line, NULL)) AS errors
       FROM source LEFT JOIN origin ON origin.source_id = source.id
           AND level IN ('WARNING', 'ERROR', 'CRITICAL')
         LEFT JOIN event ON origin_id = origin.id
       WHERE importer LIKE '%.log' AND copies = 0
       GROUP BY source.id`,
    );
    for (const { path, lines, errors } of sources) {
      const prefixed = (levels: string) =>
        new RegExp(`^\\d.* (?:(?:${levels}): |\\[(?:${levels})\\] )`);
      const warnings = prefixed("WARNING|ERROR|CRITICAL");
      assert.equal(lines, countLines(path, warnings), path);
      assert.equal(errors, countLines(path, prefixed("ERROR")), path);
    }
  },
);
