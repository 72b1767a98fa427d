import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";

// The code of a cell, and the error shown below it.
const mistakes: [string, string][] = [
  ['await importRuninfo(db, "nowhere")', "there is no nowhere (looked from "],
  [
    'db.query("SELECT * FROM tasks")',
    "no such table: tasks. There are no tables\nin: SELECT",
  ],
  [
    'twoEvents(db.query("SELECT 1 AS a"))',
    'rows have no column left for end: name one, { end: "..." }. They have a',
  ],
  [
    'twoEvents([{ a: 1, b: 2 }], { start: "c" })',
    'rows have no column "c". They have a, b',
  ],
  ["twoEvents([], { titel: 1 })", 'no option "titel". Did you mean title?'],
  ['eventCounts("a/b")', 'write eventCounts({ event: "a/b" })'],
  ["db.query(statesOverTime)", "call it, statesOverTime(...)"],
];

Deno.test("an error in a cell shows only its message and its place in the cell", async () => {
  const folder = await Deno.makeTempDir({ dir: inCheckout("tests", "tools") });
  try {
    const path = await writeNotebook(folder, [
      'import { eventCounts, importRuninfo, openDatabase, statesOverTime, twoEvents } from "dnpc";\n' +
      "const db = await openDatabase();",
      ...mistakes.map(([cell]) => cell),
    ]);
    const { cells } = await executeNotebook(path, { allowErrors: true });
    mistakes.forEach(([cell, message], i) => {
      const [output] = cells[i + 1]?.outputs ?? [];
      assert.equal(output?.output_type, "error", cell);
      const shown = output.traceback?.join("\n") ?? "";
      assert.ok(shown.includes(message), shown);
      assert.ok(shown.split("\n").length <= 3, shown);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
