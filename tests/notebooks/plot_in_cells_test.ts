import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";

/** Charts in the style of Plot's gallery, with their data, and texts in them. */
const examples: Record<string, readonly [code: string, ...texts: RegExp[]]> = {
  "bars with a sorted axis": [
    `Plot.plot({
  x: { axis: "top", grid: true, percent: true },
  marks: [
    Plot.ruleX([0]),
    Plot.barX(alphabet, { x: "frequency", y: "letter", sort: { y: "x", reverse: true }, tip: true }),
  ],
})`,
    />E<[^]*>A<[^]*>B</,
  ],
  "dots with a legend of colours": [
    `Plot.plot({
  grid: true,
  color: { legend: true },
  marks: [Plot.dot(penguins, { x: "culmen", y: "depth", stroke: "species", tip: true })],
})`,
    />Adelie<[^]*>Gentoo</,
    /species Adelie/,
  ],
  "a line with a tip and a crosshair": [
    `Plot.plot({
  marks: [
    Plot.ruleY([0]),
    Plot.lineY(prices, { x: "date", y: "close" }),
    Plot.crosshairX(prices, { x: "date", y: "close" }),
    Plot.tip(prices, Plot.pointerX({ x: "date", y: "close" })),
  ],
})`,
    /close 112/,
  ],
  "a histogram": [
    `Plot.rectY(penguins, Plot.binX({ y: "count" }, { x: "culmen", fill: "species", tip: true })).plot({ color: { legend: true } })`,
    />Frequency<|↑ Frequency/,
    />Chinstrap</,
  ],
  "stacked areas": [
    `Plot.plot({
  y: { grid: true },
  color: { legend: true, scheme: "Tableau10" },
  marks: [Plot.areaY(industries, { x: "date", y: "unemployed", fill: "industry", title: "industry" }), Plot.ruleY([0])],
})`,
    />Mining</,
    /<title>Mining/,
  ],
  "a heatmap with a ramp": [
    `Plot.plot({
  padding: 0,
  color: { legend: true, scheme: "YlGnBu", label: "degrees" },
  marks: [Plot.cell(cells, { x: "month", y: "day", fill: "temperature", inset: 0.5 })],
})`,
    />degrees</,
    /preserveAspectRatio="none"><rect x="0"/,
  ],
  "facets in two dimensions": [
    `Plot.plot({
  facet: { data: penguins, x: "species", y: "island", marginRight: 80 },
  marks: [
    Plot.frame(),
    Plot.dot(penguins, { facet: "exclude", x: "culmen", y: "depth", r: 2, fill: "#ccc" }),
    Plot.dot(penguins, { x: "culmen", y: "depth" }),
  ],
})`,
    />Adelie</,
    />Torgersen</,
  ],
  "boxes": [
    `Plot.plot({ marginLeft: 80, marks: [Plot.boxX(penguins, { x: "culmen", y: "species" })] })`,
    />Adelie</,
  ],
  "density contours": [
    `Plot.plot({ inset: 20, marks: [Plot.density(penguins, { x: "culmen", y: "depth", stroke: "species", clip: true })] })`,
    /<path [^>]*d="M/,
  ],
  "a raster": [
    `Plot.plot({
  aspectRatio: 1,
  color: { legend: true, label: "Iteration" },
  marks: [Plot.raster({ fill: (x, y) => Math.hypot(x, y), x1: -2, y1: -1, x2: 1, y2: 1, pixelSize: 4 })],
})`,
    />Iteration</,
    /<image [^>]*href="data:image\/png;base64,/,
  ],
  "a beeswarm with symbols": [
    `Plot.plot({
  height: 160,
  symbol: { legend: true },
  marks: [Plot.dotX(penguins, Plot.dodgeY({ x: "culmen", symbol: "species", fill: "species" }))],
})`,
    /viewBox="-8 -8 16 16"[^]*>Gentoo</,
  ],
  "a tree": [
    `Plot.plot({ axis: null, height: 100, margin: 20, marginRight: 120, marks: [Plot.tree(["Chaos/Gaia/Mountains", "Chaos/Gaia/Pontus", "Chaos/Eros"])] })`,
    />Pontus</,
  ],
  "a globe": [
    `Plot.plot({ projection: { type: "orthographic", rotate: [0, -30] }, marks: [Plot.graticule(), Plot.sphere()] })`,
    /<path [^>]*d="M/,
  ],
  "a regression in the style of a page": [
    `Plot.plot({
  title: "Culmens",
  caption: "Made up",
  style: "background: #f5f5f5",
  className: "mine",
  marks: [Plot.dot(penguins, { x: "culmen", y: "depth", fill: "currentColor" }), Plot.linearRegressionY(penguins, { x: "culmen", y: "depth", stroke: "red" })],
})`,
    />Culmens</,
    />Made up</,
    /fill="#f5f5f5"/,
    /class="mine"/,
  ],
};

const data = `import "dnpc";
import * as Plot from "@observablehq/plot";
const alphabet = [["A", 0.08167], ["B", 0.01492], ["E", 0.12702]].map(([letter, frequency]) => ({ letter, frequency }));
const penguins = Array.from({ length: 60 }, (_, i) => ({
  culmen: 30 + (i * 7) % 25, depth: 13 + (i * 3) % 8,
  species: ["Adelie", "Chinstrap", "Gentoo"][i % 3], island: ["Biscoe", "Torgersen"][i % 2],
}));
const prices = [100, 112, 97, 105].map((close, i) => ({ date: new Date(Date.UTC(2020, i, 1)), close }));
const industries = prices.flatMap(({ date, close }) => ["Mining", "Trade"].map((industry, i) => ({ date, industry, unemployed: close * (i + 1) })));
const cells = Array.from({ length: 84 }, (_, i) => ({ month: i % 12, day: Math.floor(i / 12), temperature: Math.sin(i) * 30 }));`;

Deno.test("Plot.plot() shows in a cell, as in the examples of its gallery", async (t) => {
  const folder = await Deno.makeTempDir({
    dir: inCheckout("tests", "notebooks"),
  });
  try {
    const codes = Object.values(examples).map(([code]) => code);
    const { cells } = await executeNotebook(
      await writeNotebook(folder, [data, ...codes, "typeof window"]),
    );
    for (
      const [i, [name, [, ...texts]]] of Object.entries(examples).entries()
    ) {
      await t.step(name, () => {
        const [output] = cells[i + 1]!.outputs ?? [];
        assert.equal(output?.output_type, "execute_result", output?.evalue);
        const { data = {} } = output!;
        assert.ok("image/png" in data);
        const html = String(data["text/html"]);
        for (const text of texts) assert.match(html, text);
        assert.ok("image/svg+xml" in data);
      });
    }
    await t.step("no other program finds a window", () => {
      const [output] = cells.at(-1)!.outputs!;
      assert.match(String(output!.data!["text/plain"]), /undefined/);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
