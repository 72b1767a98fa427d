import assert from "node:assert/strict";
import {
  optionsOf,
  rowsTable,
  showReport,
  showRows,
} from "../../display/text/rows.ts";
import { tableHtml, tableText } from "../../display/text/table.ts";
import { answer } from "../../questions/answer.ts";

const text = (rows: object[]) =>
  tableText(rowsTable(rows, Object.keys(rows[0] ?? {})));

Deno.test("rowsTable() aligns numbers right, at the decimal point", () => {
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

Deno.test("rowsTable() shows tiny numbers", () => {
  const shown = text([{ size: 7e-9, tiny: 1.23456789e-9 }]);
  assert.match(shown, /7e-9 {2}1\.23457e-9/);
});

// date -u -d @1795344041.950666 +'%F %T.%6N'
Deno.test("rowsTable() shows Unix times as clock times, with the day once", () => {
  assert.equal(
    text([{ time: 1795344041.950666 }, { time: 1795344042 }]),
    [
      "time (UTC, 2026-11-22)",
      "──────────────────────",
      "          10:40:41.951",
      "          10:40:42.000",
      "2 rows",
    ].join("\n"),
  );
  // Two days; and moments that differ by a microsecond.
  assert.match(
    text([{ min_time: 1795344041.5 }, { min_time: 1795444041.5 }]),
    /\(UTC\)\n─+\n2026-11-22 10:40:41\.500\n2026-11-23 14:27:21\.500/,
  );
  assert.match(
    text([{ start: 1795344041.950666 }, { start: 1795344041.950667 }]),
    / 10:40:41\.950666\n +10:40:41\.950667\n/,
  );
  const html = tableHtml(rowsTable([{ time: 1795344041.950666 }], ["time"]));
  assert.match(html, /title="Unix time 1795344041\.950666">10:40:41\.951</);
});

Deno.test("rowsTable() takes only plausible numbers for times", () => {
  assert.match(text([{ time: 12.5 }]), /^time\n─+\n12\.5\n/);
  assert.match(text([{ since_time: -3 }]), /^since_time\n─+\n +-3\n/);
});

Deno.test("rowsTable() shows the first and last rows, and their number", () => {
  const rows = Array.from({ length: 1234 }, (_, i) => ({ i }));
  const shown = text(rows).split("\n");
  assert.equal(shown.length, 2 + 15 + 1 + 5 + 2);
  assert.match(shown[17]!, /⋮/);
  assert.equal(shown[22]!.trim(), "1233");
  assert.equal(shown[23], "1,234 rows, 20 of them shown");
  assert.equal(
    shown[24],
    "for more: showRows(rows, { limit: 100 }) of dnpc/sql",
  );
});

Deno.test("rowsTable() shows null and bytes, and wraps long text", () => {
  const shown = text([
    { a: null, b: new Uint8Array(3), c: "x ".repeat(500), d: 2n ** 60n },
  ]);
  // 88 characters are left for c, as a is listed below the table.
  assert.match(
    shown,
    /\n<3 bytes> {2}(x ){44} {2}1152921504606846976\n {11}(x ){43}x\n/,
  );
  assert.match(shown, /\n1 row\nno values: a$/);
  assert.equal(shown.match(/x/g)?.length, 500);
});

Deno.test("rowsTable() without rows shows the columns and 0 rows", () => {
  assert.equal(tableText(rowsTable([], ["a"])), "a\n─\n0 rows");
});

Deno.test("tableText() replaces control characters", () => {
  const shown = text([{ "a\x1b[31m": "\x1b]0;title\x07\r\n" }]);
  assert.ok(!shown.includes("\x1b") && !shown.includes("\r"));
});

Deno.test("tableHtml() escapes markup in values", () => {
  const hostile = `<img src=x onerror="alert('1')">&`;
  const html = tableHtml(rowsTable([{ [hostile]: hostile }], [hostile]));
  assert.doesNotMatch(html, /<img/);
  assert.ok(
    html.includes(
      "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;",
    ),
  );
});

Deno.test("showRows() changes an array only for the notebook", () => {
  const rows = showRows([{ a: 1 }]);
  assert.deepEqual(rows, [{ a: 1 }]);
  assert.equal(Deno.inspect(rows), "[ { a: 1 } ]");
  const display = Symbol.for("Jupyter.display") as unknown as keyof typeof rows;
  const bundle = (rows[display] as unknown as () => object)();
  assert.deepEqual(Object.keys(bundle), ["text/html", "text/plain"]);
});

Deno.test("showRows() with options shows those rows and columns, in a new array", () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ i, half: i / 2 }));
  const shown = showRows(rows, { limit: 4, columns: ["half"] });
  assert.notEqual(shown, rows);
  assert.deepEqual(shown, rows);
  assert.deepEqual(plain(shown), [
    "half",
    "────",
    " 0.0",
    " 0.5",
    " 1.0",
    "   ⋮",
    "24.5",
    "50 rows, 4 of them shown",
    "for more: showRows(rows, { limit: 100 }) of dnpc/sql",
  ]);
  assert.equal(plain(showRows(rows, { limit: Infinity })).length, 2 + 50 + 1);
  assert.throws(() => showRows(rows, { limit: 0 }), RangeError);
  assert.throws(() => showRows(rows, { limit: NaN }), RangeError);
});

Deno.test("showRows() shows numbers with the units in its options", () => {
  const rows = [
    {
      gap: 12.25,
      since: 1795350907.5,
      size: 1_234_567,
      n: 1234567,
      id: 1234567,
    },
    { gap: 0.000128, since: 1795350908, size: 999_950, n: 8, id: 8 },
    { gap: null, since: 1795350908, size: 75, n: 61.5, id: 61 },
  ];
  const kinds = {
    ...{ gap: "seconds", since: "unix", size: "bytes", n: "count" } as const,
  };
  assert.deepEqual(plain(showRows(rows, { kinds })), [
    " gap (s)  since (UTC, 2026-11-22)     size          n       id",
    "────────  ───────────────────────  ───────  ─────────  ───────",
    "12.25000             12:35:07.500  1.23 MB  1,234,567  1234567",
    " 0.00013             12:35:08.000  1.00 MB          8        8",
    "    null             12:35:08.000     75 B       61.5       61",
    "3 rows",
  ]);
  const others = [{ part: 0.5, times: 1.98048, at: 1 }, {
    part: 0.00125,
    times: 129.6,
    at: 0,
  }];
  assert.deepEqual(
    plain(showRows(others, {
      kinds: { part: "share", times: "ratio", at: "mark" },
    })),
    [
      "part (%)   times  at",
      "────────  ──────  ──",
      "   50.00    1.98   ●",
      "    0.13  129.60",
      "2 rows",
    ],
  );
});

Deno.test("rows stay a table after filter, map, slice, toSorted and the like", () => {
  const rows = showReport(
    [{ app: "b", took: 2, part: 0.5 }, { app: "a", took: 1.5, part: 0.25 }],
    { kinds: { took: "seconds", part: "share" }, heading: "Two apps." },
  );
  const heading = "app  took (s)  part (%)";
  const tables: [object[], number][] = [
    [rows.filter(({ took }) => took > 1.5), 1],
    [rows.filter(() => false), 0],
    [rows.slice(1), 1],
    [rows.toSorted((a, b) => a.took - b.took), 2],
    [rows.toReversed().slice(0, 1), 1],
    [rows.concat(rows), 4],
    [rows.with(0, rows[1]!), 2],
    [rows.toSpliced(0, 1), 1],
  ];
  for (const [made, length] of tables) {
    const lines = plain(made);
    // The sentence above the table was about all rows.
    if (length > 0) assert.equal(lines[0], heading);
    assert.equal(lines.at(-1), length === 1 ? "1 row" : `${length} rows`);
    assert.equal(made.length, length);
    assert.equal(Object.getPrototypeOf(made), Array.prototype);
  }
  // A column that a function changed has another meaning.
  const changed = rows.map((row) => ({ ...row, part: 100 * row.part }));
  assert.equal(plain(changed)[0], "app  took (s)  part");
  assert.equal(plain(rows.flatMap((row) => [row, row])).at(-1), "4 rows");
  const spliced = rows.slice().splice(0, 1);
  assert.equal(plain(spliced).at(-1), "1 row");
});

Deno.test("the values that map() takes from rows are an ordinary array", () => {
  const rows = showReport([{ a: 1 }, { a: 2 }]);
  const display = Symbol.for("Jupyter.display");
  assert.ok(!(display in rows.map(({ a }) => a)));
  assert.ok(!(display in rows.map(({ a }) => [a, a])));
  assert.deepEqual(rows.map(({ a }) => ({ b: a })), [{ b: 1 }, { b: 2 }]);
});

Deno.test("showRows() shows values that JSON lacks, and the start of very long ones", () => {
  const circle: Record<string, unknown> = { big: 2n ** 60n };
  circle.self = circle;
  const vast = { length: 0, list: Array.from({ length: 1e6 }, () => 7) };
  const shown = plain(showRows([{ circle }, { circle: vast }]));
  assert.equal(shown[2], '{"big":1152921504606846976,"self":…}');
  assert.match(shown[3]!, /^\{"length":0,"list":\[7,7,/);
});

Deno.test("showRows() of a million rows reads only the rows that it shows", () => {
  let read = 0;
  const rows = Array.from({ length: 1_000_000 }, (_, i) => ({
    get number() {
      read++;
      return i;
    },
  }));
  assert.equal(
    plain(showRows(rows)).at(-2),
    "1,000,000 rows, 20 of them shown",
  );
  assert.ok(read < 100, `${read}`);
});

const plain = (rows: object): string[] => {
  const display = Symbol.for("Jupyter.display") as unknown as "display";
  const shown = rows as { display(): Record<string, string> };
  return shown[display]()["text/plain"]!.split("\n");
};

Deno.test("rowsTable() shows the first sentences of a long heading, and all with `all`", () => {
  const sentences = (n: number) =>
    Array.from({ length: n }, (_, i) => `Run ${i}.`).join("\n");
  const headingOf = (n: number, all = false) =>
    rowsTable([], ["a"], { heading: sentences(n), all }).heading;
  assert.equal(headingOf(11), sentences(11));
  assert.equal(headingOf(12), `${sentences(10)}\nand 2 more sentences`);
  assert.equal(headingOf(12, true), sentences(12));
});

Deno.test("rows of a question always show their run, and say no where no row has a mark", () => {
  const rows = [0, 1].map((i) => ({
    text: `a text of ${i} `.repeat(8),
    worker: `a worker ${i}`.repeat(3),
    lost: 0,
    run: `00${i}`,
  }));
  const shown = answer(rows, ["worker", "run"], {
    kinds: { lost: "mark" },
  });
  const table = rowsTable(shown, Object.keys(rows[0]!), optionsOf(shown));
  const text = tableText(table, { width: 40 });
  assert.match(text, /\brun$/m);
  assert.match(text, /in every row: .*lost no/);
  assert.match(text, /not shown: worker/);
});
