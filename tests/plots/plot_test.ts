import { type Chart, durationHistogram, plot } from "dnpc/plots";
import * as Plot from "@observablehq/plot";
import assert from "node:assert/strict";
import { pixelsOf } from "../notebooks/png.ts";

const rows = [
  { x: 1, y: 10, app: "top", run: "000" },
  { x: 2, y: 30, app: "left", run: "001" },
  { x: 4, y: 20, app: "top", run: "001" },
];

/** The tips of a chart as its page has them: x, y and text. */
const tipsOf = (chart: Chart): [number, number | null, string][] => {
  const [, attribute] = /data-tips="([^"]*)"/.exec(chart.html())!;
  const panels = JSON.parse(
    attribute!.replaceAll("&quot;", '"').replaceAll("&amp;", "&"),
  ) as { tips: [number, number, number | null, string][] }[];
  return panels.flatMap(({ tips }) => tips)
    .map(([x, , y, text]) => [x, y, text]);
};

const textsIn = ({ svg }: Chart) =>
  Array.from(svg.matchAll(/<text[^>]*>([^<]+)</g), ([, text]) => text);

Deno.test("plot() draws the legend of a scale of names", () => {
  const chart = plot({
    color: { legend: true, domain: ["top", "left"], range: ["#123456", "red"] },
    marks: [Plot.dot(rows, { x: "x", y: "y", fill: "app" })],
  });
  assert.deepEqual(textsIn(chart).slice(0, 2), ["top", "left"]);
  // The swatch, and two dots.
  assert.equal(chart.svg.match(/ fill="#123456"/g)?.length, 3);
});

Deno.test("plot() draws the ramp of a continuous scale", () => {
  const chart = plot({
    color: { legend: true, label: "heat", range: ["#000000", "#ff0000"] },
    marks: [Plot.dot(rows, { x: "x", y: "y", fill: "y" })],
  });
  assert.ok(textsIn(chart).includes("heat"));
  const [, ramp] = /preserveAspectRatio="none">(.*?)<\/svg>/.exec(chart.svg)!;
  const reds = Array.from(
    ramp!.matchAll(/fill="rgb\((\d+), 0, 0\)"/g),
    (m) => Number(m[1]),
  );
  assert.equal(reds.length, 64);
  assert.deepEqual(reds, reds.toSorted((a, b) => a - b));
  assert.equal(reds[0], 0);
});

Deno.test("plot() draws legends of symbols and of opacity", () => {
  const symbols = plot({
    symbol: { legend: true },
    marks: [Plot.dot(rows, { x: "x", y: "y", symbol: "app" })],
  });
  assert.equal(symbols.svg.match(/viewBox="-8 -8 16 16"/g)?.length, 2);
  const opacity = plot({
    opacity: { legend: true, label: "weight", domain: [0, 30] },
    marks: [Plot.dot(rows, { x: "x", y: "y", fillOpacity: "y" })],
  });
  assert.ok(textsIn(opacity).includes("weight"));
});

Deno.test("a helper has one legend, whatever color.legend says", () => {
  const chart = durationHistogram(
    [{ start: 0, end: 1, app: "top" }, { start: 0, end: 2, app: "left" }],
    { series: "app", color: { legend: true } },
  );
  const texts = textsIn(chart);
  assert.equal(texts.filter((text) => text === "top").length, 1);
});

Deno.test("plot() has the tips of marks with tip: true", () => {
  const chart = plot({
    marks: [
      Plot.dot(rows, { x: "x", y: "y", channels: { app: "app" }, tip: true }),
    ],
  });
  const tips = tipsOf(chart);
  assert.deepEqual(tips.map(([, , text]) => text), [
    "app top\nx 1\ny 10",
    "app left\nx 2\ny 30",
    "app top\nx 4\ny 20",
  ]);
  // Equal steps of the scales.
  const [[x1, y1], [x2, y2], [x3]] = tips as [
    [number, number],
    [number, number],
    [number],
  ] & typeof tips;
  assert.ok(Math.abs((x3 - x2) / (x2 - x1) - 2) < 0.01);
  assert.ok(y1 > y2);
  // None is drawn until the pointer comes.
  assert.ok(!textsIn(chart).includes("top"));
});

Deno.test("plot() has the tips of lines at any height, and those of pointers", () => {
  const line = plot({
    marks: [Plot.lineY(rows, { x: "x", y: "y", tip: true })],
  });
  assert.deepEqual(tipsOf(line).map(([, y]) => y), [null, null, null]);
  const pointer = plot({
    marks: [Plot.tip(rows, Plot.pointerX({ x: "x", y: "y", title: "app" }))],
  });
  assert.deepEqual(tipsOf(pointer).map(([, , text]) => text), [
    "top",
    "left",
    "top",
  ]);
});

Deno.test("plot() has the tips of each facet in its place", () => {
  const chart = plot({
    marks: [
      Plot.dot(rows, { x: "x", y: "y", fx: "run", fy: "app", tip: true }),
    ],
  });
  const places = new Map(tipsOf(chart).map(([x, y, text]) => [text, { x, y }]));
  assert.equal(places.size, 3);
  const of = (x: number, y: number, run: string, app: string) =>
    places.get(`x ${x}\ny ${y}\nrun ${run}\napp ${app}`)!;
  // Run 001 is on the right of run 000; left is above top.
  assert.ok(of(2, 30, "001", "left").x > of(1, 10, "000", "top").x);
  assert.ok(of(2, 30, "001", "left").y! < of(4, 20, "001", "top").y!);
  for (const name of ["000", "001", "top", "left"]) {
    assert.ok(textsIn(chart).includes(name), name);
  }
});

Deno.test("plot() shows a tip that has no pointer, with its box", () => {
  const chart = plot({
    marks: [
      Plot.tip([rows[1]], { x: "x", y: "y", title: () => "here it was" }),
    ],
  });
  const [, tip] = /<g [^>]*aria-label="tip"[^>]*>(.*?)<\/g><\/g>/.exec(
    chart.svg,
  )!;
  assert.match(tip!, /here it was/);
  assert.match(tip!, /<path [^>]*d="M/);
  assert.doesNotMatch(chart.svg, /visibility="hidden"/);
  assert.deepEqual(tipsOf(plot({ marks: [Plot.frame()] })), []);
});

Deno.test("a helper has the tips of the user's marks, and its own", () => {
  const chart = durationHistogram([[0, 1], [0, 2]], {
    marks: [Plot.ruleX([1.5], { title: () => "limit", tip: true })],
  });
  const texts = tipsOf(chart).map(([, , text]) => text);
  assert.ok(texts.includes("limit"), texts.join());
  assert.ok(texts.some((text) => /1 span/.test(text)));
});

Deno.test("plot() draws titles, styles and classes", () => {
  const { svg } = plot({
    style: "background: #eef; font-size: 14px",
    className: "mine",
    marks: [
      Plot.dot(rows, { x: "x", y: "y", title: "app", className: "dots" }),
    ],
  });
  assert.match(svg, /<title>left<\/title>/);
  assert.match(svg, /<rect width="100%" height="100%" fill="#eef"\/>/);
  assert.match(svg, /<svg [^>]*class="mine" style="[^"]*font-size: ?14px/);
  assert.match(svg, /<g [^>]*class="dots"/);
  const object = plot({
    style: { backgroundColor: "#eef", fontSize: "14px" },
    marks: [Plot.frame()],
  });
  assert.match(object.svg, /<rect width="100%" height="100%" fill="#eef"\/>/);
});

Deno.test("plot() has a dark counterpart of every colour of the user's marks", () => {
  const { svg } = plot({
    marks: [
      Plot.ruleX([1], { stroke: "black" }),
      Plot.ruleX([2], { stroke: "Navy" }),
      Plot.frame({ fill: "rgba(0, 0, 0, 0.5)", stroke: "transparent" }),
      Plot.dot([[3, 3]], { fill: "hsl(240, 100%, 25%)", stroke: "none" }),
    ],
  });
  const dark = new Map(
    svg.matchAll(/\[(?:fill|stroke)="([^"]+)"\]\{\w+:light-dark\(.+?,(#\w+)\)/g)
      .map(([, color, dark]) => [color, dark]),
  );
  // As light as text is, or of the same hue.
  assert.match(dark.get("black")!, /^#[e-f].[e-f].[e-f].$/);
  assert.match(dark.get("Navy")!, /^#[4-9a-f].[4-9a-f].f.$/);
  assert.equal(dark.get("hsl(240, 100%, 25%)"), dark.get("Navy"));
  assert.equal(dark.get("rgba(0, 0, 0, 0.5)"), `${dark.get("black")}80`);
  assert.ok(!dark.has("transparent") && !dark.has("none"));
});

Deno.test("plot() leaves height and margins to Plot", () => {
  const bars = plot({
    marks: [Plot.barX(Array.from({ length: 40 }, (_, i) => i), {
      x: 1,
      y: (i: number) => `bar ${i}`,
    })],
  });
  assert.ok(bars.height > 700, `${bars.height}`);
  const heightOf = (aspectRatio: number) =>
    plot({ aspectRatio, marks: [Plot.dot([[0, 0], [10, 10]])] }).height;
  assert.ok(heightOf(1) > 1.8 * heightOf(2));
  assert.ok(heightOf(2) > 1.6 * heightOf(4));
});

Deno.test("plot() draws a raster as a picture", () => {
  const { svg } = plot({
    color: { type: "identity" },
    marks: [Plot.raster([1, 2], {
      width: 2,
      height: 1,
      fill: (i: number) => i === 1 ? "#ff0000" : "#0000ff",
    })],
  });
  const [, base64] = /href="data:image\/png;base64,([^"]*)"/.exec(svg)!;
  const { width, height, rgba } = pixelsOf(Uint8Array.fromBase64(base64!));
  assert.deepEqual([width, height], [2, 1]);
  assert.deepEqual([...rgba], [255, 0, 0, 255, 0, 0, 255, 255]);
});
