import { importLines, type LinePatterns } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { events, spans, withLines } from "./line_logs.ts";

const time = /^(?<time>\d+\.\d+) /;
const ship = "harbour.ship";

const imported = (
  messages: readonly string[],
  lines: LinePatterns["lines"],
  work: Parameters<typeof withLines>[2],
) => {
  const text = messages.map((message, i) => `${1e9 + i}.5 ${message}\n`).join(
    "",
  );
  return withLines({ "harbour.log": text }, { time, lines }, work);
};

Deno.test("importLines() creates a span for each identity and an event for each line", () =>
  imported(
    ["Ship Ida arrived", "Ship Ada arrived", "Ship Ida unloaded"],
    [{ match: /Ship (?<ship>\w+) (?<event>\w+)/, span: ship }],
    (db, report) => {
      assert.deepEqual(events(db), [
        "1 harbour.ship Ida: arrived",
        "2 harbour.ship Ada: arrived",
        "3 harbour.ship Ida: unloaded",
      ]);
      assert.deepEqual(spans(db), [
        'harbour.ship: {"ship":"Ada"}',
        'harbour.ship: {"ship":"Ida"}',
      ]);
      assert.deepEqual(rows(db, "SELECT time, line, offset FROM event"), [
        [1000000000.5, 1, 0],
        [1000000001.5, 2, 30],
        [1000000002.5, 3, 60],
      ]);
      assert.equal(report.spans, 2);
      assert.equal(report.events, 3);
    },
  ));

Deno.test("importLines() makes metrics of the numbers in groups", () =>
  imported(
    [
      "Ship Ida carries 70 crates, 1.5e3 kg",
      "Ship Ida carries 60 crates",
      "Ship Ada carries many crates",
      "Ship Ada carries",
    ],
    [{
      match:
        /Ship (?<ship>\w+) carries(?: (?<crates>\w+) crates(?:, (?<kg>\S+) kg)?)?/,
      span: ship,
      metrics: { load: ["crates"], weight: ["kg"] },
    }],
    (db, { sources: [source] }) => {
      assert.deepEqual(
        rows(
          db,
          `SELECT line, key, metric, name, value FROM metric
           JOIN span ON span.id = span_id ORDER BY metric.id`,
        ),
        [
          [1, "Ida", "load", "crates", 70],
          [1, "Ida", "weight", "kg", 1500],
          [2, "Ida", "load", "crates", 60],
        ],
      );
      assert.deepEqual(events(db), ['4 harbour.ship Ada: "Ship %s carries"']);
      assert.deepEqual(source!.malformedLines, [3]);
      assert.equal(source!.matched, 3);
    },
  ));

Deno.test("importLines() gives a line an event for each matching pattern", () =>
  imported(
    ["Ship Ida moors at quay 7", "Ships: [Ida, Ada]", "Tide"],
    [
      { match: /Ship (?<ship>\w+) moors/, span: ship, event: "moored" },
      { match: /quay (?<quay>\d+)/, span: "harbour.quay", event: "taken" },
      { match: /(?<=Ships: .*)(?<ship>\w+)/g, span: ship, event: "listed" },
    ],
    (db, { sources: [source] }) => {
      assert.deepEqual(events(db), [
        "1 harbour.ship Ida: moored",
        "1 harbour.quay 7: taken",
        "2 harbour.ship Ida: listed",
        "2 harbour.ship Ada: listed",
      ]);
      assert.equal(source!.matched, 2);
      assert.deepEqual(source!.unmatchedTemplates, [
        { template: "Tide", count: 1, line: 3, example: "Tide" },
      ]);
    },
  ));

Deno.test("importLines() names an event by its template unless another pattern names the event of that span", () =>
  imported(
    ["Ship Ida arrived", "Ship Ida took 30 crates", "Ship Ada took 4 crates"],
    [
      { match: /Ship (?<ship>\w+)/, span: ship },
      { match: /Ship (?<ship>\w+) arrived/, span: ship, event: "arrived" },
      { match: /(?<ship>I\w+) took/, span: ship },
    ],
    (db) => {
      assert.deepEqual(events(db), [
        "1 harbour.ship Ida: arrived",
        '2 harbour.ship Ida: "Ship %s took %s crates"',
        '3 harbour.ship Ada: "Ship %s took %s crates"',
      ]);
      assert.deepEqual(rows(db, "SELECT attributes FROM event"), [
        [null],
        ['{"values":["Ida","30"]}'],
        ['{"values":["Ada","4"]}'],
      ]);
    },
  ));

Deno.test("importLines() adds non-identifying groups to the attributes of span and event", () =>
  withLines(
    { "a.log": "1000000000.5 INFO Ida sank, crew 5\n" },
    {
      time: /^(?<time>\S+) (?<level>[A-Z]+) /,
      lines: [{
        match:
          /(?<ship>\w+) (?<event>sank)(?:, crew (?<crew>\d+))?(?<owner>!)?/,
        span: ship,
        details: ["crew", "owner"],
      }],
    },
    (db) => {
      assert.deepEqual(spans(db), ['harbour.ship: {"ship":"Ida","crew":"5"}']);
      assert.deepEqual(rows(db, "SELECT attributes FROM event"), [
        ['{"level":"INFO","crew":"5"}'],
      ]);
    },
  ));

Deno.test("importLines() uses a time that the message contains", () =>
  imported(
    ["Ida left at 999999999.25", "Ida left at noon"],
    [{ match: /(?<ship>\w+) left at (?<time>\S+)/, span: ship, event: "left" }],
    (db, { sources: [source] }) => {
      assert.deepEqual(rows(db, "SELECT time, type FROM event"), [
        [999999999.25, "left"],
      ]);
      assert.equal(source!.unmatched, 1);
    },
  ));

Deno.test("importLines() includes options.attributes in the identity of spans", () =>
  withLines(
    { "a.log": "1000000000.5 open\n1000000001.5 closed\n" },
    { time, lines: [{ match: /^(?<event>\w+)$/, span: "harbour" }] },
    async (db, _, folder) => {
      await Deno.writeTextFile(`${folder}/b.log`, "1000000000.5 open\n");
      await importLines(db, `${folder}/b.log`, {
        time,
        lines: [{ match: /^(?<event>\w+)$/, span: "harbour" }],
      }, { attributes: { port: "Riga", year: 2001 } });
      assert.deepEqual(events(db), [
        "1 harbour Kiel: open",
        "2 harbour Kiel: closed",
        "1 harbour Riga/2001: open",
      ]);
      assert.deepEqual(spans(db), [
        'harbour: {"port":"Kiel"}',
        'harbour: {"port":"Riga","year":"2001"}',
      ]);
    },
    { attributes: { port: "Kiel" } },
  ));

Deno.test("importLines() orders key values by the first pattern for the type", () =>
  imported(
    ["Ida of Oslo arrived", "from Oslo: Ida left", "a/b of 50% arrived"],
    [
      { match: /(?<ship>\S+) of (?<port>\S+)/, span: ship, event: "arrived" },
      { match: /from (?<port>\w+): (?<ship>\w+)/, span: ship, event: "left" },
    ],
    (db) =>
      assert.deepEqual(events(db), [
        "1 harbour.ship Ida/Oslo: arrived",
        "2 harbour.ship Ida/Oslo: left",
        "3 harbour.ship a%2Fb/50%25: arrived",
      ]),
  ));

Deno.test("importLines() ignores a match with an empty identifying group", () =>
  imported(
    ["Ship arrived", "Ship Ida arrived", "Ship  arrived"],
    [{ match: /Ship(?: (?<ship>\w*))? arrived/, span: ship }],
    (db, { sources: [source] }) => {
      assert.deepEqual(events(db), ['2 harbour.ship Ida: "Ship %s arrived"']);
      assert.equal(source!.unmatched, 2);
    },
  ));

Deno.test("importLines() ignores the lastIndex of regular expressions", () => {
  const sticky = /Ship (?<ship>\w+)/y;
  sticky.exec("Ship Ida");
  const global = /quay (?<quay>\d+)/g;
  global.exec("quay 1, quay 2");
  const start = /(?<time>\d+\.\d+) /gy;
  start.exec("1000000000.5 ");
  return withLines(
    { "a.log": "1000000000.5 Ship Ida, quay 1\n1000000001.5 A Ship Ada\n" },
    {
      time: start,
      lines: [
        { match: sticky, span: ship, event: "seen" },
        { match: global, span: "quay", event: "seen" },
      ],
    },
    (db) => {
      assert.deepEqual(events(db), [
        "1 harbour.ship Ida: seen",
        "1 quay 1: seen",
      ]);
      assert.equal(sticky.lastIndex, 8);
    },
  );
});

Deno.test("importLines() counts continued lines and lists malformed ones", () =>
  withLines(
    {
      "a.log": "100\n" +
        "1000000000.5 Ship Ida arrived\n" +
        "  her cargo:\n\n" +
        "10000000\n" +
        "1000000001.5 Ship \0da arrived\n" +
        "1000000002.5 Ship Ada arrived\n" +
        "1000000003.5 Ship Eva arri",
    },
    { time, lines: [{ match: /Ship (?<ship>\w+) (?<event>.+)/, span: ship }] },
    (db, { sources: [source] }) => {
      assert.deepEqual(events(db), [
        "2 harbour.ship Ida: arrived",
        "7 harbour.ship Ada: arrived",
      ]);
      assert.equal(source!.lines, 7);
      assert.equal(source!.matched, 2);
      assert.equal(source!.continued, 3);
      assert.deepEqual(source!.malformedLines, [5, 6]);
    },
  ));

Deno.test("importLines() binds its spans to others by rules", async () => {
  using db = await openDatabase();
  const folder = "tests/fixtures/funcx";
  await importLines(db, `${folder}/endpoint.log`, {
    time: /^(?<time>[\d.]+) /,
    lines: [{ match: /Received task: (?<task>\S+)/, span: "endpoint" }],
  });
  const { bindings } = await importLines(db, `${folder}/worker_logs`, {
    path: /\/(?<manager>\w+)\/funcx_worker_(?<worker>\d+)\.log$/,
    time: /^(?<time>[\d.]+) /,
    lines: [{ match: /task_id='(?<task>.+?)'/, span: "worker" }],
  }, { rules: [{ subspan: ["endpoint", "worker"], on: ["task"] }] });
  // Counted with grep: "Received task: " and "Received task with" occur 13
  // times each, with the same UUIDs.
  assert.equal(bindings.made, 13);
  assert.equal(bindings.unbound, 0);
});

Deno.test("importLines() keeps continued lines and the level of a line", () =>
  withLines(
    { "app.log": "1795344042 ERROR job 5 failed\nValueError: x\n" },
    {
      time: /^(?<time>\d+) (?<level>[A-Z]+) /,
      lines: [{
        span: "job",
        event: "failed",
        match: /job (?<job>\d+) failed/,
      }],
    },
    (db) => {
      const [event] = db.query(
        `SELECT origin.level, attributes FROM event
         JOIN origin ON origin.id = origin_id`,
      );
      assert.deepEqual({ ...event }, {
        level: "ERROR",
        attributes: '{"level":"ERROR","more":"ValueError: x"}',
      });
    },
  ));
