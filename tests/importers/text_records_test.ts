import { strict as assert } from "node:assert";
import {
  importJsonLog,
  importLines,
  type JsonLogOptions,
} from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import { events, withLines } from "./line_logs.ts";
import { withFiles } from "./logs.ts";
import { measured } from "./metrics.ts";

const withText = (
  text: string,
  options: JsonLogOptions,
  work: Parameters<typeof withFiles>[1],
) =>
  withFiles(
    { "app.log": text },
    work,
    { timeZone: "UTC", ...options },
    importJsonLog,
  );

// As NetLogger and logfmt write them.
const pairs = [
  "ts=2022-08-03T11:26:36.500Z event=task.start level=Info guid=F8-01 n=1",
  'level=warning msg="late, \\"again\\"" guid=F8-01 ts=2022-08-03T11:26:37Z',
  "ts=2022-08-03T11:26:38Z slept guid=F8-02, then=slept; load=0.5 empty=",
  "Traceback (most recent call last):",
  "  at (x=1)",
  "nothing=known",
].map((line) => `${line}\n`).join("");

Deno.test("importJsonLog() reads lines of key=value as records", () =>
  withText(pairs, {
    form: "pairs",
    span: "app.task",
    identity: { task: "guid" },
    event: "event",
    metrics: { load: ["load"] },
  }, (db, { sources: [source] }) => {
    assert.deepEqual(
      rows(db, "SELECT line, time, entry FROM log_record ORDER BY id")
        .map(([line, time, entry]) => [line, time, JSON.parse(String(entry))]),
      [
        // date -u -d "2022-08-03 11:26:36" +%s
        [1, 1659525996.5, {
          ts: "2022-08-03T11:26:36.500Z",
          event: "task.start",
          level: "Info",
          guid: "F8-01",
          n: "1",
        }],
        [2, 1659525997, {
          level: "warning",
          msg: 'late, "again"',
          guid: "F8-01",
          ts: "2022-08-03T11:26:37Z",
        }],
        [3, 1659525998, {
          ts: "2022-08-03T11:26:38Z",
          guid: "F8-02",
          then: "slept",
          load: "0.5",
          empty: "",
          message: "slept",
        }],
      ],
    );
    assert.deepEqual(events(db), [
      "1 app.task F8-01: task.start",
      '2 app.task F8-01: "late, %s"',
    ]);
    assert.deepEqual(measured(db), ["3 app.task: load load 0.5"]);
    assert.deepEqual([source!.matched, source!.continued], [3, 3]);
  }));

Deno.test("importLines() takes the values of keys as groups", () =>
  withLines({ "app.log": pairs }, {
    time: /ts=(?<time>\S+)/,
    lines: [
      { span: "app.task", pairs: { task: "guid", event: "event" } },
      {
        span: "app.task",
        match: /slept/,
        pairs: { task: "guid", load: "load" },
        metrics: { load: ["load"] },
      },
      { span: "app.step", pairs: ["then"], event: "done" },
    ],
  }, (db) => {
    assert.deepEqual(events(db), [
      "1 app.task F8-01: task.start",
      '2 app.task F8-01: "level=warning msg=%sagain\\%s guid=%s"',
      "3 app.step slept: done",
    ]);
    assert.deepEqual(measured(db), ["3 app.task: load load 0.5"]);
  }));

Deno.test("importJsonLog() reads the time of early NetLogger", () =>
  withText(
    "DATE=20220803112636.957943 HOST=node7 PROG=gridftp NL.EVNT=start\n",
    { form: "pairs", time: "DATE", message: "NL.EVNT" },
    (db) =>
      assert.deepEqual(
        rows(db, "SELECT time, entry ->> '$.\"NL.EVNT\"' FROM log_record"),
        [[1659525996.957943, "start"]],
      ),
  ));

// The first two are examples of RFC 5424 and RFC 3164.
const syslog = [
  '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventID="1011"] \ufeffAn application event log entry',
  "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
  "Oct 11 22:14:16 node7 slurmd[812]: launch task=5 step=0",
  "2003-10-11T22:14:17+00:00 node7 kernel: up",
  "<34>1 2003-10-11T22:14:18Z - - - - - done",
].map((line) => `${line}\n`).join("");

Deno.test("importJsonLog() reads both forms of syslog as records", () =>
  withText(syslog, { form: "syslog", year: 2003 }, (db) =>
    assert.deepEqual(
      rows(
        db,
        `SELECT time, entry ->> 'host', entry ->> 'logger', entry ->> 'process',
           entry ->> 'level', entry ->> 'message',
           coalesce(entry ->> 'eventID', entry ->> 'task')
         FROM log_record ORDER BY id`,
      ),
      // date -u -d "2003-10-11 22:14:15" +%s
      [
        [
          1065910455.003,
          "mymachine.example.com",
          "evntslog",
          null,
          "NOTICE",
          "An application event log entry",
          "1011",
        ],
        [
          1065910455,
          "mymachine",
          "su",
          null,
          "CRITICAL",
          "'su root' failed for lonvick on /dev/pts/8",
          null,
        ],
        [
          1065910456,
          "node7",
          "slurmd",
          "812",
          null,
          "launch task=5 step=0",
          "5",
        ],
        [1065910457, "node7", "kernel", null, null, "up", null],
        [1065910458, null, null, null, "CRITICAL", "done", null],
      ],
    )));

Deno.test("importLines() knows how lines of syslog begin", () =>
  withLines({ "messages": syslog }, {
    time: "syslog",
    year: 2003,
    lines: [
      { span: "slurm.task", match: /^launch/, pairs: ["task"] },
      { span: "entry", match: /\bevent (?<event>log)/, pairs: ["eventID"] },
    ],
  }, (db) => {
    assert.deepEqual(events(db), [
      "1 entry 1011: log",
      '3 slurm.task 5: "launch task=%s step=%s"',
    ]);
    assert.deepEqual(
      rows(
        db,
        `SELECT time, event.attributes ->> 'host', logger, process
         FROM event JOIN origin ON origin.id = origin_id ORDER BY time`,
      ),
      [
        [1065910455.003, "mymachine.example.com", "evntslog", null],
        [1065910456, "node7", "slurmd", "812"],
      ],
    );
  }, { timeZone: "UTC" }));

Deno.test("importLines() of a log without years that has grown begins in the given year again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using db = await openDatabase();
    const path = `${folder}/messages`;
    const importAgain = () =>
      importLines(db, path, {
        time: "syslog",
        year: 2023,
        lines: [{ span: "node", match: /^(?<event>up|down)$/, details: [] }],
      }, { timeZone: "UTC" });
    await Deno.writeTextFile(
      path,
      "Mar  1 00:00:00 n: down\nDec 31 00:00:00 n: up\nJan  1 00:00:00 n: up\n",
    );
    await importAgain();
    await Deno.writeTextFile(path, "Jan  2 00:00:00 n: down\n", {
      append: true,
    });
    await importAgain();
    // date -u -d 2023-03-01 +%s, 2023-12-31, 2024-01-01, 2024-01-02
    assert.deepEqual(rows(db, "SELECT time FROM event ORDER BY line"), [
      [1677628800],
      [1703980800],
      [1704067200],
      [1704153600],
    ]);
    await assert.rejects(
      importLines(db, path, {
        time: "syslog",
        lines: [{ span: "node", match: /up/ }],
        name: "other",
      }),
      /the time "Mar {2}1 00:00:00" .* unknown format: .*, or the year$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("importJsonLog() and importLines() refuse other forms and years", async () => {
  using db = await openDatabase();
  const path = "README.md";
  for (
    const [options, message] of [
      [{ form: "xml" }, /^form must be "json", "pairs" or "syslog"/],
      [{ year: 2003.5 }, /^year must be a whole number/],
      [{ form: "pairs" }, /found no line with a time and pairs key=value/],
    ] as const
  ) {
    await assert.rejects(
      importJsonLog(db, path, options as JsonLogOptions),
      { name: "TypeError", message },
    );
  }
});

Deno.test("importJsonLog() reads long lines without ends of quotes in linear time", () => {
  const start = "ts=2022-08-03T11:26:36Z ";
  const long = ["a='b=\"", "k=", "[", "a=,", '\\" ', "0"]
    .map((part) => `${start}${part.repeat(200_000 / part.length)}\n`).join("");
  const began = performance.now();
  return withText(long, { form: "pairs", records: "none" }, (_, report) => {
    assert.equal(report.sources[0]!.matched, 6);
    assert.ok(performance.now() - began < 5_000);
  });
});
