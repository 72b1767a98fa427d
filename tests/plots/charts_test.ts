import * as Plot from "@observablehq/plot";
import {
  type Chart,
  durationHistogram,
  durationsOverTime,
  plot,
  spansInState,
  twoEvents,
  typicalSequence,
} from "dnpc/plots";
import assert from "node:assert/strict";

const rows = [{ launched: 0, running: 1 }, { launched: 1, running: 4 }];

Deno.test("twoEvents() asks in its title, of the columns or the options", () => {
  const titleOf = (options: object) => twoEvents(rows, options).options.title;
  assert.equal(
    titleOf({}),
    "How long did spans wait for a worker, from launched to running?",
  );
  assert.equal(
    titleOf({ from: "sent", to: "<seen>" }),
    "How long did spans take, from sent to <seen>?",
  );
  assert.equal(
    titleOf({ start: null, duration: "running" }),
    "How long did spans take?",
  );
  const titled = twoEvents(rows, {
    title: "Wait",
    subtitle: "of two",
    caption: "made up",
  });
  for (const text of ["Wait", "of two", "made up"]) {
    assert.ok(titled.svg.includes(`>${text}</text>`));
  }
});

Deno.test("a chart accepts any option of Plot, and additional marks", () => {
  const { svg, options } = durationHistogram(rows, {
    y: { label: "how many of them" },
    marginLeft: 111,
    marks: [Plot.ruleX([2], { stroke: "#abcdef" })],
  });
  assert.ok(svg.includes("how many of them"));
  assert.ok(svg.includes("#abcdef"));
  assert.equal(options.marginLeft, 111);
});

Deno.test("spansInState() uses the colours of options.color for its states", () => {
  const { svg } = spansInState([[1, 0, "running"], [1, 9, null]], {
    color: { domain: ["running"], range: ["#123456"] },
  });
  assert.equal(svg.match(/ fill="#123456"/g)?.length, 2);
});

Deno.test("a state has the same colour in every chart", () => {
  const colorOf = (chart: Chart, label: string) =>
    new RegExp(`fill="(#\\w+)"/><text [^>]*>${label}<`).exec(chart.svg)?.[1];
  const few = spansInState([[1, 0, "stage_in"], [1, 9, null]]);
  const more = spansInState([
    [1, 0, "running"],
    [1, 1, "pending"],
    [2, 2, "stage_in"],
    [2, 9, null],
  ]);
  assert.ok(colorOf(few, "stage_in"));
  assert.equal(colorOf(few, "stage_in"), colorOf(more, "stage_in"));
});

Deno.test("a chart escapes markup in text from a log", () => {
  const hostile = `</text><script>alert("1")</script>&amp;'\0\ud800`;
  const { svg, html, png } = spansInState([[1, 0, hostile], [1, 9, null]], {
    title: hostile,
    y: { label: hostile },
    ariaLabel: hostile,
  });
  for (const text of [svg, html()]) {
    assert.doesNotMatch(text, /<script>alert/);
  }
  assert.ok(svg.includes("&lt;script&gt;alert(&quot;1&quot;)"));
  assert.ok(png().length > 0);
});

Deno.test("a chart does not interpret names as colours", () => {
  const names = ["red", "url(//elsewhere/a)", "blue"];
  const spans = names.map((name, i) => [i, i + 2, name]);
  const states = names.map((name, i) => [i % 2, i, name]);
  for (
    const { svg } of [
      twoEvents(spans, { series: 2 }),
      durationHistogram(spans, { series: 2 }),
      spansInState(states),
      spansInState(states, { stack: "lines" }),
      typicalSequence(states, { series: 2 }),
    ]
  ) {
    assert.doesNotMatch(svg, /(fill|stroke)="(red|url|blue)/);
    assert.ok(svg.includes(">url(//elsewhere/a)<"));
  }
});

Deno.test("a chart replaces bidirectional controls in its text", () => {
  const { svg } = twoEvents(rows, { caption: "app \u202egnp\u2066: 5 of 10" });
  assert.ok(svg.includes("app \ufffdgnp\ufffd: 5 of 10"));
});

Deno.test("a chart keeps a number and its unit on one line of a caption", () => {
  const caption =
    "mean 4.965 s, median 3.398 s, 95% within 11.73 s, rest 1 h 3 days.";
  for (let width = 100; width < 500; width += 7) {
    const { svg } = plot({ caption, width });
    assert.doesNotMatch(svg, />(?:s|h|days)[ ,.<]/, `${width} pixels`);
  }
});

Deno.test("a facet is clipped only if the user limits an axis", () => {
  const dots = [["a", 0, 1], ["a", 1, 9], ["b", 0, 2], ["b", 3, 9]];
  const options = { facet: 0, start: 1, end: 2 };
  const chart = durationsOverTime(dots, options);
  assert.ok(!chart.svg.includes("clip-path"));
  const limited = durationsOverTime(dots, {
    ...options,
    y: { domain: [0, 5] },
  });
  assert.ok(limited.svg.includes("clip-path"));
});

Deno.test("twoEvents() without a time says nothing about series", () => {
  const { caption } = twoEvents([[null, 1]], { series: 0 });
  assert.equal(
    caption,
    "No rows with both times. 1 span without a time left out.",
  );
});

Deno.test("twoEvents() gives the numbers of a single series once", () => {
  const one = [[0, 1, "run 000"], [1, 3, "run 000"]];
  assert.equal(
    twoEvents(one, { series: 2 }).caption,
    twoEvents(one).caption,
  );
});

Deno.test("plot() divides a row equally among plots without a width", () => {
  const marks = [Plot.frame()];
  const { svg } = plot({
    width: 800,
    panels: [{ plots: [{ marks, height: 320 }, { marks, height: 90 }] }],
  });
  const [, first, second] = svg.match(/<svg [^>]*>/g)!;
  assert.match(first!, / x="11" .* width="389" height="320"/);
  assert.match(second!, / x="400" .* width="389" height="90"/);
});

Deno.test("a chart is drawn if all its marks are far outside its axes", () => {
  for (const y of [0, 1, 10, 1e4, -1e6]) {
    const { png } = plot({
      y: { domain: [0, 1] },
      marks: [
        Plot.dot([[1, y]], { clip: true }),
        Plot.ruleY([-0.1], { clip: true }),
      ],
    });
    assert.ok(png().length > 0);
  }
});

Deno.test("Chart.save() writes SVG, PNG, PDF or HTML, by the file's extension", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const chart = twoEvents(rows);
    for (const ending of ["svg", "png", "html", "PNG", "pdf"]) {
      chart.save(`${folder}/chart.${ending}`);
    }
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    assert.equal(read("chart.svg"), chart.svg);
    assert.ok(read("chart.html").includes(chart.svg));
    assert.deepEqual(Deno.readFileSync(`${folder}/chart.PNG`), chart.png());
    assert.match(read("chart.pdf"), /^%PDF-/);
    chart.save(`${folder}/large.png`, { scale: 4 });
    assert.deepEqual(
      Deno.readFileSync(`${folder}/large.png`),
      chart.png({ scale: 4 }),
    );
    assert.throws(() => chart.save(`${folder}/chart.gif`), {
      name: "TypeError",
      message: /^a chart is saved as \.svg, \.png, \.pdf or \.html/,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Chart.pdf() is a page of the chart's size, with vectors and its fonts", () => {
  const chart = twoEvents(rows, { width: "85mm" });
  const pdf = new TextDecoder("latin1").decode(chart.pdf());
  const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
  // 85 / 25.4 * 72 points.
  assert.ok(Math.abs(Number(width) - 240.945) < 0.01, width);
  assert.ok(Math.abs(Number(height) - chart.height * 0.75) < 0.01, height);
  assert.equal(pdf.match(/\/FontFile2 /g)?.length, 2);
  assert.match(pdf, /\/BaseFont \/\w+\+Inter-Regular/);
  assert.doesNotMatch(pdf, /\/Subtype \/Image/);
});

Deno.test("a chart of a width in millimetres has its text at full size", () => {
  const sizeOf = (options: { width?: "85mm" | "3.3in"; fontSize?: "8pt" }) => {
    const { svg } = durationHistogram(rows, options);
    const [, width, unit, , left] =
      /^<svg [^>]*? width="([\d.]+)(\w*)" height="([\d.]+)\w*" viewBox="0 0 ([\d.]+)/
        .exec(svg)!;
    return [Number(width), unit, Number(left)];
  };
  // 85 / 25.4 * 96 pixels.
  assert.deepEqual(sizeOf({ width: "85mm" }), [85, "mm", 321.26]);
  assert.deepEqual(sizeOf({ width: "3.3in" }), [3.3, "in", 316.8]);
  // 8 points are 10.67 of the 11 pixels that text has.
  assert.deepEqual(sizeOf({ width: "85mm", fontSize: "8pt" }), [
    85,
    "mm",
    331.3,
  ]);
  assert.deepEqual(sizeOf({ fontSize: "8pt" }), [760, "", 783.75]);
});

Deno.test("a chart refuses a width in an unknown unit, and none at all", () => {
  const draw = (width: unknown) =>
    durationHistogram(rows, { width: width as number });
  for (const width of ["85", "85 parsec", "wide", NaN, {}]) {
    assert.throws(() => draw(width), {
      name: "TypeError",
      message:
        /^width is a number of pixels, or one with its unit such as "85mm"/,
    });
  }
  for (const width of [0, -1, "0mm", Infinity]) {
    assert.throws(() => draw(width), { name: "RangeError" });
  }
});

Deno.test("Chart.png() has the size that its scale gives", () => {
  const chart = plot({ width: 200, height: 100, marks: [Plot.frame()] });
  const width = (png: Uint8Array) => new DataView(png.buffer).getUint32(16);
  assert.equal(width(chart.png({ scale: 1 })), 200);
  assert.equal(width(chart.png()), 400);
  assert.throws(() => chart.png({ scale: 0 }), RangeError);
});

Deno.test("Chart.png() draws text, even on a machine without fonts", () => {
  const drawn = (text: string) =>
    plot({ title: text, marks: [Plot.frame()] }).png().length;
  const blank = drawn(" ");
  // The library includes Inter; other scripts need fonts of the machine.
  for (const text of ["Tasks", "→ µs −5%", "Δσ Задача é"]) {
    assert.ok(drawn(text) > blank + 300, text);
  }
  assert.ok(drawn("日本語") > 0);
});

Deno.test("a chart displays as HTML, SVG, PNG and text in a notebook", async () => {
  const chart = twoEvents(rows);
  const display = Symbol.for("Jupyter.display") as unknown as keyof Chart;
  const bundle = await (chart[display] as unknown as () => object)();
  assert.deepEqual(Object.keys(bundle), [
    "text/html",
    "image/svg+xml",
    "image/png",
    "text/plain",
  ]);
  assert.ok(!Object.keys(chart).includes(String(display)));
});

Deno.test("plot() draws the user's marks", () => {
  const { svg } = plot({
    title: "Mine",
    legend: [{ label: "dots", color: "#0072b2", shape: "dot" }],
    marks: [Plot.dot([[1, 2], [3, 4]])],
  });
  // Two dots, and one in the legend.
  assert.equal(svg.match(/<circle/g)?.length, 3);
});

Deno.test("twoEvents() has the legend of its raster at the raster", () => {
  const many = Array.from({ length: 3000 }, (_, i) => [i, i + 1 + i % 7]);
  const [histogram, raster] = twoEvents(many).options.panels!;
  assert.equal(histogram!.legend, undefined);
  assert.match(raster!.legend![0]!.label, /spans per cell$/);
});
