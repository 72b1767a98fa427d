import assert from "node:assert/strict";
import { rowsTable } from "../../display/text/rows.ts";
import {
  tableHtml,
  tableText,
  type TextTable,
} from "../../display/text/table.ts";

const left = (...names: string[]) =>
  names.map((name) => ({ name, align: "left" as const }));

const lines = (table: TextTable, width: number) =>
  tableText(table, { width }).split("\n");

Deno.test("tableText() breaks headings before it cuts text", () => {
  const table: TextTable = {
    columns: [
      { name: "since_start_mean", align: "right", unit: "s" },
      { name: "event_type", align: "left" },
    ],
    rows: [["0.25", "launched"], ["10.50", "exec_done"]],
  };
  assert.deepEqual(lines(table, 32), [
    "since_start_mean (s)  event_type",
    "────────────────────  ──────────",
    "                0.25  launched",
    "               10.50  exec_done",
  ]);
  assert.deepEqual(lines(table, 20), [
    "since_",
    "start_",
    "  mean",
    "   (s)  event_type",
    "──────  ──────────",
    "  0.25  launched",
    " 10.50  exec_done",
  ]);
});

Deno.test("tableText() lists columns that are constant or empty once, below the table", () => {
  const table: TextTable = {
    columns: [
      ...left("what"),
      { name: "nothing", align: "left", isEmpty: true },
      { name: "run", align: "left", same: "2f" },
      { name: "account", align: "left", rank: 1 },
      { name: "line", align: "left", rank: 2 },
    ],
    rows: [["a".repeat(15), "null", "2f", "parsl", "7"]],
    caption: "1 row",
    more: (column) => column && `columns: ${column}`,
  };
  assert.deepEqual(lines(table, 60).slice(2), [
    "aaaaaaaaaaaaaaa  null     2f   parsl    7",
    "1 row",
  ]);
  assert.deepEqual(lines(table, 35).slice(2), [
    "aaaaaaaaaaaaaaa  2f   parsl    7",
    "1 row",
    "no values: nothing",
  ]);
  assert.deepEqual(lines(table, 24).slice(2), [
    "aaaaaaaaaaaaaaa  parsl",
    "1 row",
    "in every row: run 2f",
    "no values: nothing",
    "not shown: line",
    "for more: columns: line",
  ]);
});

Deno.test("a heading is wrapped above the text, and a paragraph of HTML, a line each", () => {
  const table: TextTable = {
    columns: left("use"),
    rows: [["a"]],
    heading: "Run 0 has 5% <useful>.\nRun 1: none.",
  };
  assert.deepEqual(lines(table, 12), [
    "Run 0 has 5%",
    "<useful>.",
    "Run 1: none.",
    "",
    "use",
    "───",
    "a",
  ]);
  assert.equal(lines(table, 30)[0], "Run 0 has 5% <useful>.");
  assert.ok(
    tableHtml(table).startsWith(
      "<p>Run 0 has 5% &lt;useful&gt;.<br>Run 1: none.</p><div",
    ),
  );
});

Deno.test("tableText() wraps names and paths, and breaks them after a separator", () => {
  const table = (text: string): TextTable => ({
    columns: left("event"),
    rows: [[text]],
    more: (_, isCut) => isCut ? "cut" : "whole",
  });
  const type = "parsl.executor.htex.interchange.task";
  assert.deepEqual(lines(table(type), 20).slice(2), [
    "parsl.executor.htex.",
    "interchange.task",
    "for more: whole",
  ]);
  const id = "09420dc5-3e8a-491b-9b07-5410642e9d69";
  assert.equal(lines(table(id), 24).slice(2, -1).join(""), id);
  // JSON is shortened, and the note says how to see it.
  const json = JSON.stringify({ name: "x".repeat(200), other: 2 });
  const shown = lines(table(json), 30);
  assert.equal(shown.length, 2 + 3 + 1);
  assert.equal(shown.at(-1), "for more: cut");
});

Deno.test("tableText() omits the last columns of a wide table, and names them", () => {
  const names = Array.from({ length: 26 }, (_, i) => `column_${i}`);
  const row = Object.fromEntries(names.map((name) => [name, 1.25e9]));
  const text = tableText(rowsTable([row], names));
  // Ten digits and two spaces each: ten columns in 120, the rest named below.
  assert.match(text, /\nnot shown: column_10, column_11, .* and \d+ more\n/);
  assert.ok(text.split("\n").every((line) => line.length <= 120), text);
  // Not in HTML: a browser can scroll.
  const html = tableHtml(rowsTable([row], names));
  assert.equal(html.match(/<td/g)?.length, 26);
  assert.doesNotMatch(html, /not shown/);
});

Deno.test("tableHtml() never cuts text, and scrolls", () => {
  const message = `Task "3" <b>failed</b>:\n${"why ".repeat(50)}`;
  const path = "/a/long/path".repeat(20);
  const html = tableHtml({
    columns: left("a"),
    rows: [[message], [path], ["short"]],
  });
  assert.ok(html.startsWith('<div style="overflow-x:auto"><table'));
  const shown = html.replaceAll("<br>", "\n").replace(/<[^>]*>/g, "");
  assert.match(html, />\/a\/<wbr>long\/<wbr>path/);
  assert.ok(
    shown.includes(
      "Task &quot;3&quot; &lt;b&gt;failed&lt;/b&gt;:\n" + "why ".repeat(50),
    ),
  );
  assert.ok(shown.includes(path));
  assert.doesNotMatch(html, /<b>|title=/);
});

Deno.test("tableHtml() and tableText() escape hostile text in every position", () => {
  const hostile = `"'><script>alert(1)</script>\x1b[31m\x07\u202e\ud800`;
  const table: TextTable = {
    columns: [
      { name: hostile, align: "left", unit: hostile },
      { name: `b${hostile}`, align: "right" },
      { name: `c${hostile}`, align: "left", same: hostile.repeat(20) },
      { name: `d${hostile}`, align: "left", isEmpty: true },
      { name: `e${hostile}`, align: "left", rank: 1 },
      { name: `f${hostile}`, align: "left", isWhole: true },
    ],
    rows: [Array.from({ length: 6 }, () => hostile.repeat(20))],
    heading: `${hostile}\n${hostile}`,
    caption: hostile,
    more: () => hostile,
  };
  for (const width of [10, 112, 1000]) {
    const html = tableHtml(table, { width });
    const text = tableText(table, { width });
    // No tags except the table's own, and no injected attribute.
    const rest = html.replace(
      /<\/?(div|table|thead|tbody|tr|th|td|p|small|span|wbr|br)( (style|title)="[^"<>']*")*>/g,
      "",
    );
    assert.doesNotMatch(rest, /[<>"']/);
    for (const shown of [html, text]) {
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(shown, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
      assert.ok(shown.isWellFormed());
    }
  }
});

Deno.test("tableText() aligns characters of double and zero width", () => {
  const table: TextTable = {
    columns: left("name", "n"),
    rows: [["東京", "1"], ["e\u0301te\u0301", "2"], ["🚀", "3"]],
  };
  assert.deepEqual(lines(table, 80).slice(2), [
    "東京  1",
    "e\u0301te\u0301   2",
    "🚀    3",
  ]);
});

Deno.test("tableText() wraps text that must not be shortened", () => {
  const table: TextTable = {
    columns: [
      { name: "error", align: "left", isWhole: true },
      { name: "n", align: "right" },
    ],
    rows: [["the file ends too early", "1"], ["b".repeat(25), "2"]],
  };
  assert.deepEqual(lines(table, 15), [
    "error         n",
    "────────────  ─",
    "the file      1",
    "ends too",
    "early",
    "bbbbbbbbbbbb  2",
    "bbbbbbbbbbbb",
    "b",
  ]);
  const vast = { ...table, rows: [["word ".repeat(1e5), "1"]] };
  assert.equal(lines(vast, 15).length, 2 + 40 + 1);
});

Deno.test("tableText() shows a short text in a single line, a traceback line by line", () => {
  const traceback = [
    "Traceback (most recent call last):",
    '  File "/home/u/apps.py", line 37, in always_fails',
    "ValueError: no",
  ];
  const table: TextTable = {
    columns: left("a"),
    rows: [["x\r\ny\tz\n"], [traceback.join("\n") + "\n"]],
  };
  assert.deepEqual(lines(table, 80).slice(2), ["x↵y z↵", ...traceback]);
});
