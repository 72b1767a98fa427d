import assert from "node:assert/strict";
import { rowsTable, showRows } from "../../display/rows.ts";
import { tableHtml, tableText } from "../../display/table.ts";

const text = (rows: object[]) =>
  tableText(rowsTable(rows, Object.keys(rows[0] ?? {})));

Deno.test("rowsTable() lines up numbers at their points, to the right", () => {
  assert.equal(
    text([{ app: "top", mean: 1.5 }, { app: "bottom", mean: 10.25 }]),
    [
      "app      mean",
      "──────  ─────",
      "top      1.50",
      "bottom  10.25",
      "2 rows",
    ].join("\n"),
  );
});

Deno.test("rowsTable() keeps Unix times to the microsecond, and tiny numbers", () => {
  const shown = text([{ time: 1795344041.950666, tiny: 1.23456789e-9 }]);
  assert.match(shown, /1795344041\.950666 {2}1\.23457e-9/);
});

Deno.test("rowsTable() shows the first rows and the last, and how many", () => {
  const rows = Array.from({ length: 1234 }, (_, i) => ({ i }));
  const shown = text(rows).split("\n");
  assert.equal(shown.length, 2 + 15 + 1 + 5 + 1);
  assert.match(shown[17]!, /⋮/);
  assert.equal(shown.at(-2)?.trim(), "1233");
  assert.equal(shown.at(-1), "1,234 rows");
});

Deno.test("rowsTable() says what is null, bytes and long", () => {
  const shown = text([
    { a: null, b: new Uint8Array(3), c: "x".repeat(500), d: 2n ** 60n },
  ]);
  assert.match(shown, /null {2}<3 bytes> {2}x{99}… {2}1152921504606846976/);
});

Deno.test("rowsTable() of no rows says so", () => {
  assert.equal(tableText(rowsTable([], ["a"])), "a\n─\n0 rows");
});

Deno.test("tableText() keeps control characters away from the terminal", () => {
  const shown = text([{ "a\x1b[31m": "\x1b]0;title\x07\r\n" }]);
  assert.ok(!shown.includes("\x1b") && !shown.includes("\r"));
});

Deno.test("tableHtml() escapes what a log says", () => {
  const hostile = `<img src=x onerror="alert('1')">&`;
  const html = tableHtml(rowsTable([{ [hostile]: hostile }], [hostile]));
  assert.doesNotMatch(html, /<img/);
  assert.ok(
    html.includes(
      "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;",
    ),
  );
});

Deno.test("showRows() leaves the array as it was but for the notebook", () => {
  const rows = showRows([{ a: 1 }], ["a"]);
  assert.deepEqual(rows, [{ a: 1 }]);
  assert.equal(Deno.inspect(rows), "[ { a: 1 } ]");
  const display = Symbol.for("Jupyter.display") as unknown as keyof typeof rows;
  const bundle = (rows[display] as unknown as () => object)();
  assert.deepEqual(Object.keys(bundle), ["text/html", "text/plain"]);
});
