// Over 300 lines: all options of one importer share the same records.

import { strict as assert } from "node:assert";
import {
  importJsonLog,
  type ImportOptions,
  importRuninfo,
  type JsonLogOptions,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { larger, onLogs, writeFiles } from "./logs.ts";

const academy = "tests/fixtures/academy/counter.jsonlog";

const records = Deno.readTextFileSync(academy).trimEnd().split("\n")
  .map((line) => JSON.parse(line) as Record<string, string>);

/** Imports lines of JSON and passes the database to a test. */
const withLines = (
  lines: readonly (string | object)[],
  options: JsonLogOptions,
  work: (db: Database, path: string) => void | Promise<void>,
) =>
  inFolder(async (folder) => {
    const path = `${Deno.realPathSync(folder)}/app.log`;
    const text = lines.map((line) =>
      typeof line === "string" ? line : JSON.stringify(line)
    );
    await writeFiles(folder, { "app.log": text.join("\n") + "\n" });
    using db = await openDatabase(undefined, { engine: "native" });
    await importJsonLog(db, path, options);
    await work(db, path);
  });

Deno.test("importJsonLog() keeps another program's records unchanged", async () => {
  using db = await openDatabase();
  const report = await importJsonLog(db, academy);
  assert.equal(report.sources[0]!.records, records.length);
  assert.equal(report.sources[0]!.matched, records.length);
  assert.deepEqual(
    rows(db, "SELECT line, time, entry ->> 'msg' FROM log_record ORDER BY id"),
    records.map(({ created, msg }, i) => [i + 1, Number(created), msg]),
  );
});

const actions: JsonLogOptions = {
  span: "academy.action",
  identity: { action: "academy.action_tag" },
  event: "academy.action_state",
  details: { name: "academy.action" },
};

Deno.test("importJsonLog() creates spans and events from another program's records", async () => {
  using db = await openDatabase();
  await importJsonLog(db, academy, actions);
  const withTag = records.filter((record) => "academy.action_tag" in record);
  const states = withTag.map((record) => [
    record["academy.action_tag"],
    record["academy.action"],
    Number(record.created),
    record["academy.action_state"],
  ]);
  assert.equal(new Set(states.map(([tag]) => tag)).size, 22);
  assert.deepEqual(
    rows(
      db,
      `SELECT span.key, span.attributes ->> 'name', time, event.type
       FROM event JOIN span ON span.id = span_id ORDER BY line`,
    ),
    states,
  );
});

Deno.test("importJsonLog() reads a log again if its options changed", async () => {
  using db = await openDatabase();
  await importJsonLog(db, academy);
  const { sources: [second] } = await importJsonLog(db, academy, actions);
  assert.equal(second!.outcome, "replaced");
  const { sources: [third] } = await importJsonLog(db, academy, actions);
  assert.equal(third!.outcome, "unchanged");
  await importJsonLog(db, academy, {
    ...actions,
    span: "academy.message",
    identity: "academy.message_tag",
  });
  const messages = new Set(
    records.flatMap((record) => record["academy.message_tag"] ?? []),
  );
  assert.deepEqual(
    rows(db, "SELECT type, count(*) FROM span GROUP BY type"),
    [["academy.message", messages.size]],
  );
  assert.deepEqual(
    rows(db, "SELECT count(*) FROM log_record"),
    [[records.length]],
  );
});

const moment = 1795344042.25;

for (
  const [claim, written] of [
    ["seconds", moment],
    ["seconds as text", String(moment)],
    ["milliseconds", moment * 1e3],
    ["nanoseconds", moment * 1e9],
    ["a time with a zone", "2026-11-22T10:40:42.250Z"],
    ["a time with another zone", "2026-11-22T12:40:42.25+02:00"],
    ["a local time", "2026-11-22 05:40:42,250"],
  ] as const
) {
  Deno.test(`importJsonLog() reads ${claim}`, () =>
    withLines([{ at: { when: written } }], {
      time: "at.when",
      timeZone: "America/New_York",
    }, (db) => {
      const time = "SELECT round(time, 6) FROM log_record";
      assert.deepEqual(rows(db, time), [[moment]]);
    }));
}

Deno.test("importJsonLog() counts lines that are not records and continues", () =>
  withLines(
    [
      { time: 1, task: 5 },
      "",
      '{"time": 2, "task": 6',
      "plain text",
      { time: 3, task: { a: 1 } },
      { task: 7 },
      '{"__proto__": {"time": 9}, "time": 4, "task": "8", "task": "9"}',
    ],
    { time: "time", span: "app.task", identity: "task" },
    async (db, path) => {
      assert.deepEqual(
        rows(db, "SELECT key, time FROM event JOIN span ON span.id = span_id"),
        [["5", 1], ['{"a":1}', 3], ["9", 4]],
      );
      const [source] = rows(
        db,
        "SELECT lines, matched, malformed, continued FROM source",
      );
      assert.deepEqual(source, [7, 3, 3, 1]);
      const again = await importJsonLog(db, path, {
        time: "time",
        span: "app.task",
        identity: "task",
      });
      assert.equal(again.sources[0]!.outcome, "unchanged");
    },
  ));

Deno.test("importJsonLog() counts a record that is nested too deeply for SQLite", () =>
  withLines(
    [`{"time": 1, "deep": ${"[".repeat(1200)}${"]".repeat(1200)}}`, {
      time: 2,
    }],
    {},
    (db) => {
      assert.deepEqual(
        rows(db, "SELECT line, entry ->> 'time' FROM log_record"),
        [[2, 2]],
      );
      assert.deepEqual(rows(db, "SELECT malformed FROM source"), [[1]]);
    },
  ));

for (
  const [wanted, count] of [
    ["all", 2],
    ["none", 0],
    [["task"], 2],
  ] as const
) {
  Deno.test(`importJsonLog() keeps the selected records: ${wanted}`, () =>
    withLines([{ time: 1, task: 5, x: 1 }, { time: 2, y: 2 }], {
      records: wanted,
      span: "app.task",
      identity: "task",
    }, (db) => {
      assert.deepEqual(rows(db, "SELECT count(*) FROM log_record"), [[count]]);
      if (typeof wanted !== "string") {
        assert.deepEqual(
          rows(db, "SELECT entry FROM log_record ORDER BY line"),
          [['{"task":5}'], ["{}"]],
        );
      }
    }));
}

Deno.test("importRuninfo() reads a JSON log again if options.records changed, but not a text log", () =>
  inFolder(async (folder) => {
    const task = (formatted: string) =>
      JSON.stringify({ created: 5.5, formatted }) + "\n";
    await writeFiles(folder, {
      "000/parsl.jsonlog": task("Task 5 submitted for App top") + task("hm"),
      "000/task_5_0.jsonlog": task("read 3 files"),
      "000/other.jsonl": '{"time": 1}\n{"time": 2}\n',
      "000/htex/interchange.log":
        "2026-11-22 10:40:42.000 interchange:1 MainProcess(1) MainThread m [INFO]  hm\n",
    });
    using db = await openDatabase();
    const paths = [
      "htex/interchange.log",
      "other.jsonl",
      "parsl.jsonlog",
      "task_5_0.jsonlog",
    ];
    const imported = async (records?: ImportOptions["records"]) => {
      const { sources } = await importRuninfo(db, folder, {
        ...records && { records },
      });
      return paths.map((path) => {
        const source = sources.find((one) => one.path.endsWith(path));
        return `${source?.outcome} ${source?.records}`;
      });
    };
    const all = ["all", "none", ["time"], undefined] as const;
    const outcomes = [];
    for (const records of [undefined, ...all]) {
      outcomes.push(await imported(records));
      assert.deepEqual(
        await imported(records),
        paths.map(() => "unchanged 0"),
      );
    }
    assert.deepEqual(outcomes, [
      ["imported 0", "imported 2", "imported 1", "imported 0"],
      ["unchanged 0", "unchanged 0", "replaced 2", "replaced 1"],
      ["unchanged 0", "replaced 0", "replaced 0", "replaced 0"],
      ["unchanged 0", "replaced 2", "replaced 2", "replaced 1"],
      ["unchanged 0", "replaced 2", "replaced 1", "replaced 0"],
    ]);
    const entries = "SELECT entry FROM log_record ORDER BY time";
    assert.deepEqual(rows(db, entries), [
      ['{"time": 1}'],
      ['{"time": 2}'],
      [task("hm").trim()],
    ]);
  }));

Deno.test("importJsonLog() refuses a missing identity, a file without JSON and an unknown option", async () => {
  using db = await openDatabase();
  await assert.rejects(importJsonLog(db, academy, { span: "a" }), /identity/);
  await assert.rejects(
    importJsonLog(db, "README.md"),
    /object or array in .*README\.md/,
  );
  await assert.rejects(
    importJsonLog(db, academy, { records: "some" as "all" }),
    /"all", "unmatched", "none"/,
  );
});

Deno.test("importRuninfo() keeps the records of unknown JSON logs", () =>
  inFolder(async (folder) => {
    await writeFiles(folder, {
      "000/monitoring.json": '{"timestamp": 7, "x": "<b>"}\n[1, 2]\n',
    });
    using db = await openDatabase();
    await importRuninfo(db, folder);
    assert.deepEqual(
      rows(db, "SELECT line, time, entry FROM log_record"),
      [[1, 7, '{"timestamp": 7, "x": "<b>"}'], [2, null, "[1, 2]"]],
    );
  }));

const json = [larger("obs-wf"), larger("head-json")];

/** The records of a JSON log. */
const recordsOf = (path: string): Record<string, unknown>[] =>
  Deno.readTextFileSync(path).trimEnd().split("\n")
    .map((line) => JSON.parse(line));

onLogs("importRuninfo() pairs the starts and ends of code regions", [
  json[0]!,
], (db, { path }) => {
  const wrapped = recordsOf(`${path}/000/parsl.jsonlog`)
    .filter((record) => "wrap_id" in record);
  const count = (start: string) =>
    wrapped.filter(({ formatted }) => String(formatted).startsWith(start))
      .length;
  const found = rows(
    db,
    `SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
     JOIN source ON source.id = event.source_id
     WHERE span.type = 'parsl.lexical' AND importer = 'parsl.jsonlog'
     GROUP BY 1 ORDER BY 1`,
  );
  assert.deepEqual(found, [["end", count("Normal ending")], [
    "start",
    count("Starting"),
  ]]);
  const spans = `SELECT count(*) FROM span WHERE type = 'parsl.lexical'
    AND attributes ->> 'name' = '_launch_if_ready_async'`;
  const ids = wrapped.filter(({ formatted }) =>
    / _launch_if_ready_async /.test(String(formatted))
  ).map(({ wrap_id }) => wrap_id);
  assert.deepEqual(rows(db, spans), [[new Set(ids).size]]);
});

onLogs(
  "importRuninfo() counts the lines of a try's log that repeat parsl.jsonlog",
  [
    json[0]!,
  ],
  (db) => {
    const counts = `SELECT count(*), sum(lines), sum(copies) FROM source
    WHERE importer = 'task.jsonlog'`;
    // Counted with wc: 206 files, 200 of them empty.
    assert.deepEqual(rows(db, counts), [[6, 831, 831]]);
  },
);

onLogs("importRuninfo() keeps the records that no rule matches", json, (db) => {
  const other = `SELECT path, unmatched AS n, (SELECT count(*)
      FROM log_record WHERE source_id = source.id) AS kept
    FROM source WHERE importer LIKE '%json%' AND kept <> n`;
  assert.deepEqual(rows(db, other), []);
});

Deno.test("importRuninfo() reads a try's log without parsl.jsonlog", () =>
  inFolder(async (folder) => {
    const record = (process: number, formatted: string) =>
      JSON.stringify({ created: 5.5, process, formatted }) + "\n";
    await writeFiles(folder, {
      "000/task_17_2.jsonlog": record(8, "read 3 files") + record(9, "hm"),
      "000/task_18_0.jsonlog": "",
    });
    using db = await openDatabase();
    await importRuninfo(db, folder);
    const query = `SELECT span.attributes ->> 'task',
      span.attributes ->> 'try', event.type FROM event JOIN span ON span.id = span_id ORDER BY line`;
    assert.deepEqual(rows(db, query), [
      ["17", "2", "read %s files"],
      ["17", "2", "hm"],
    ]);
  }));

Deno.test("importJsonLog() refuses invalid span options before it reads the file", async () => {
  using db = await openDatabase();
  const path = "tests/fixtures/academy/counter.jsonlog";
  const wrong: [spans: unknown, message: RegExp][] = [
    [{ type: "a" }, /expected \{ span, identity, .*"type":"a"/],
    [{ span: "a" }, /expected \{ span, identity, /],
    [{ span: "a", identity: null }, /expected names of members, found null/],
    [{ span: "a", identity: [] }, /the identity of a names no member/],
  ];
  for (const [spans, message] of wrong) {
    await assert.rejects(
      importJsonLog(db, path, { spans: [spans] as never }),
      (error: Error) =>
        error instanceof TypeError && message.test(error.message),
    );
  }
  assert.equal(db.query("SELECT 1 FROM sqlite_schema").length, 0);
});

Deno.test("importJsonLog() reads the logs in a tarball by its options", async () => {
  await inFolder(async (folder) => {
    const record = { created: 1795000000, job: 7, state: "started" };
    await writeFiles(folder, { "app.log": `${JSON.stringify(record)}\n` });
    const path = `${folder}/logs.tar`;
    await new Deno.Command("tar", {
      args: ["-cf", path, "app.log"],
      cwd: folder,
    })
      .output();
    using db = await openDatabase();
    await importJsonLog(db, path, {
      span: "app.job",
      identity: "job",
      event: "state",
    });
    assert.deepEqual(rows(db, "SELECT type, time FROM event"), [
      ["started", 1795000000],
    ]);
  });
});

Deno.test("importJsonLog() keeps who wrote the record of an event", async () => {
  using db = await openDatabase();
  await importJsonLog(db, academy, actions);
  const found = rows(
    db,
    `SELECT DISTINCT process, thread, logger, level FROM event
     JOIN origin ON origin.id = origin_id ORDER BY 1, 2, 3, 4`,
  );
  const expected = records.filter((record) => record["academy.action_tag"])
    .map((
      { processName, process, threadName, thread, name, levelname },
    ) => [
      `${processName}-${process}`,
      `${threadName}-${thread}`,
      name,
      levelname,
    ]);
  assert.deepEqual(
    found,
    [...new Set(expected.map((row) => row.join("|")))].sort()
      .map((text) => text.split("|")),
  );
});
