import assert from "node:assert/strict";
import { inPlace, output } from "./shell.ts";

Deno.test("dnpc span-graph writes DOT, SVG, PNG and PDF", () =>
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
    assert.match(svg, /<text[^>]*>worker\.task<\/text>/);
    await output(place, "dnpc span-graph runs.sqlite3 -o g.png");
    const png = await Deno.readFile(`${folder}/g.png`);
    assert.deepEqual(
      [...png.slice(1, 4)],
      [..."PNG"].map((c) => c.charCodeAt(0)),
    );
    await output(place, "dnpc span-graph runs.sqlite3 -o g.pdf");
    assert.match(await Deno.readTextFile(`${folder}/g.pdf`), /^%PDF-/);
  }));
