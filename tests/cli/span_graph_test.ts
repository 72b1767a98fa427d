import assert from "node:assert/strict";
import { createSchema, openDatabase } from "dnpc/sql";
import { dotOfTypes, quoted } from "../../cli/dot.ts";
import { inPlace, output } from "./shell.ts";

Deno.test("dnpc span-graph writes DOT, SVG and PNG", () =>
  inPlace(async (place) => {
    const { folder } = place;
    const dot = await output(place, "dnpc span-graph runs.sqlite3");
    assert.match(dot, /^digraph dnpc \{\n/);
    assert.match(
      dot,
      /"parsl\.rundir\.task" -> "parsl\.rundir\.try" \[label=" 70 "\];/,
    );
    assert.match(
      dot,
      /"parsl\.monitoring\.task" -> "parsl\.rundir\.task" \[label=" 62 ", style=dashed/,
    );
    await output(place, "dnpc span-graph runs.sqlite3 -o g.svg");
    const svg = await Deno.readTextFile(`${folder}/g.svg`);
    assert.match(svg, /<text[^>]*>parsl\.executor\.htex\.worker\.task<\/text>/);
    await output(place, "dnpc span-graph runs.sqlite3 -o g.png");
    const png = await Deno.readFile(`${folder}/g.png`);
    assert.deepEqual(
      [...png.slice(1, 4)],
      [..."PNG"].map((c) => c.charCodeAt(0)),
    );
  }));

Deno.test("dotOfTypes() quotes whatever a type is called", async () => {
  using db = await openDatabase();
  createSchema(db);
  const type = 'a"];\\N\n}\x1b<b>';
  db.run("INSERT INTO span (type, key) VALUES (?, 'x')", [type]);
  const name = '"a\\"];\\\\N\\n}\ufffd<b>"';
  assert.equal(quoted(type), name);
  assert.match(dotOfTypes(db), /\\n1 span"\];\n\}\n$/);
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const svg = (await Graphviz.load()).layout(dotOfTypes(db), "svg", "dot");
  assert.match(svg, /a&quot;\];\\N/);
  assert.doesNotMatch(svg, /<b>/);
});
