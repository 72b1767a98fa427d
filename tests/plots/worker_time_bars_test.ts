import { type Chart, workerTimeBars } from "dnpc/plots";
import assert from "node:assert/strict";

// The sums and shares of each test were added up by hand.

const rows = [
  { run: "000", use: "useful", seconds: 62 },
  { run: "000", use: "lost", seconds: 3 },
  { run: "000", use: "nothing queued", seconds: 35 },
  { run: "001", use: "useful", seconds: 40 },
  { run: "001", use: "retried", seconds: 10 },
];

/** The bars in the drawing: the texts of their labels, and their lengths. */
function drawn({ svg }: Chart) {
  const plot = svg.slice(svg.indexOf("<svg", 4));
  return {
    widths: [...plot.matchAll(/<rect fill="(#\w+)"[^>]* width="([\d.]+)"/g)]
      .map(([, fill, width]) => ({ fill, width: Number(width) })),
    texts: [...plot.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text),
  };
}

Deno.test("workerTimeBars() says what the time was used for", () => {
  const { caption, svg } = workerTimeBars(rows);
  assert.equal(
    caption,
    "150 s of worker time in 2 runs: useful 68%, nothing queued 23%, retried " +
      "7%, lost 2%. Workers had no task in the pale parts. Each bar is 100% of " +
      "the total on its right.",
  );
  assert.ok(svg.includes("What was worker time used for?"));
});

Deno.test("workerTimeBars() draws parts as wide as their shares, and labels those with room", () => {
  const chart = workerTimeBars(rows);
  const { widths, texts } = drawn(chart);
  const whole = widths.filter(({ fill }) => fill === "#0072b2")
    .reduce((sum, { width }) => sum + width, 0) / (0.62 + 0.8);
  const lost = widths.find(({ fill }) => fill === "#5c1a00")!;
  assert.ok(Math.abs(lost.width / whole - 0.03) < 1e-3, `${lost.width}`);
  for (
    const label of [
      "62%",
      "35%",
      "80%",
      "20%",
      "100 s",
      "50 s",
    ]
  ) {
    assert.ok(texts.includes(label), label);
  }
  // 3% of 640 pixels have no room for a text.
  assert.ok(!texts.includes("3%"));
});

Deno.test("workerTimeBars() draws amounts with bars as long as their totals", () => {
  const { widths } = drawn(workerTimeBars(rows, { scale: "amounts" }));
  const [first, second] = widths.filter(({ fill }) => fill === "#0072b2");
  assert.ok(Math.abs(first!.width / second!.width - 62 / 40) < 1e-2);
});

Deno.test("workerTimeBars() lists the uses that occur, work before waiting", () => {
  const { options } = workerTimeBars(rows.toReversed());
  assert.deepEqual(options.legend?.map(({ label }) => label), [
    "useful",
    "retried",
    "lost",
    "nothing queued",
  ]);
});

Deno.test("workerTimeBars() folds the smallest of many groups, and counts them", () => {
  const many = Array.from({ length: 300 }, (_, i) => [
    { worker: `worker-${i}`, use: "useful", seconds: 1 + i },
    { worker: `worker-${i}`, use: "drain", seconds: 1 + i },
  ]).flat();
  const chart = workerTimeBars(many);
  const { texts } = drawn(chart);
  assert.ok(texts.includes("other (260)"));
  // Twice the sum of 1 to 260 is 67,860 s.
  assert.ok(texts.includes("18.85 h"));
  assert.match(chart.caption, /^25\.08 h of worker time in 300 workers/);
  assert.match(chart.caption, /The 260 workers with the least are in one bar/);
});

Deno.test("workerTimeBars() names a group by the fewest columns that distinguish it", () => {
  const row = { use: "useful", seconds: 1 };
  const { texts } = drawn(workerTimeBars([
    { run: "000", executor: "htex", block: "0", node: "a", ...row },
    { run: "000", executor: "htex", block: "1", node: "a", ...row },
    { run: "000", executor: "htex", block: "1", node: null, ...row },
  ]));
  for (const name of ["0/a", "1/a", "1/no node"]) {
    assert.ok(texts.includes(name), name);
  }
});

Deno.test("workerTimeBars() draws any groups, parts and amounts", () => {
  const { caption, svg } = workerTimeBars([
    { app: "top", kind: "read", size_bytes: 3e6, n: 1 },
    { app: "top", kind: "write", size_bytes: 1e6, n: 1 },
    { app: "left", kind: "read", size_bytes: "", n: 1 },
    { app: "left", kind: "read", size_bytes: -1, n: 1 },
  ], { groups: ["app"], part: "kind", amount: "size_bytes" });
  assert.equal(
    caption,
    "4 MB: read 75%, write 25%. 1 row without a number left out. 1 row with a " +
      "negative number left out.",
  );
  assert.ok(svg.includes("Size_bytes by kind"));
  assert.match(
    workerTimeBars([["a", "x", 1], ["b", "x", 3]]).caption,
    /^4 in 2 groups: x 100%/,
  );
});

Deno.test("workerTimeBars() names a column that the rows lack", () => {
  assert.throws(() => workerTimeBars(rows, { part: "cause" }), {
    name: "TypeError",
    message: /no column "cause"/,
  });
});
