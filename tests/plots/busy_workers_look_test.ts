import { busyWorkers, type Chart, colorsFor } from "dnpc/plots";
import assert from "node:assert/strict";

Deno.test("busyWorkers() draws means of quickly changing numbers, and their maxima", () => {
  // Busy for 0.99 s of each second, 3,000 times.
  const rows = Array.from({ length: 3000 }, (_, i) => [
    { worker: "a", start: i, end: i + 0.99, state: "busy" },
    { worker: "a", start: i + 0.99, end: i + 1, state: "dispatch" },
  ]).flat();
  const { svg, caption, options } = busyWorkers(rows);
  assert.match(caption, /^1 worker, busy 99% of the 50 min/);
  // Above lie an area of maxima, 80 pixels high, and one of means, 79.2 pixels.
  const [maxima, means] = [
    ...svg.matchAll(/<path d="(M[^"]*)" fill="#0072b2"/g),
  ]
    .map(([, d]) => d!.match(/[\d.]+/g)!.map(Number));
  assert.equal(maxima![1]! - maxima![2]!, 80);
  assert.ok(Math.abs(means![1]! - means![2]! - 79.2) < 0.2, `${means}`);
  assert.ok(
    legendsOf(options)[0]!.includes("maximum busy"),
  );
});

Deno.test("busyWorkers() lists only what is seen", () => {
  const rows = Array.from({ length: 4000 }, (_, i) => [
    { worker: "a", start: i, end: i + 0.9, state: "busy" },
    { worker: "a", start: i + 0.9, end: i + 1, state: "dispatch" },
  ]).flat();
  const { options, caption } = busyWorkers(rows);
  assert.match(caption, /Too short to be seen: dispatch\.$/);
  assert.deepEqual(legendsOf(options), [
    ["busy", "maximum busy", "all workers"],
    ["busy"],
  ]);
  assert.deepEqual(legendsOf(busyWorkers([]).options), [[], []]);
});

/** The labels of the legend of each row of plots. */
const legendsOf = ({ panels }: Chart["options"]) =>
  panels!.map(({ legend = [] }) => legend.map(({ label }) => label));

/** The texts of the tips of each row of plots. */
const tipsOf = ({ options: { panels } }: Chart) =>
  panels!.map(({ plots }) => plots[0]!.tips!().map(({ text }) => text));

Deno.test("busyWorkers() shows gaps that are shorter than a pixel as a mean, not as half", () => {
  // Two workers, each busy for 99% of the time, in turns.
  const rows = Array.from({ length: 70 }, (_, i) =>
    [0, 0.5].map((later) => ({
      worker: later,
      start: i + later,
      end: i + later + 0.999,
    }))).flat();
  const chart = busyWorkers(rows);
  assert.match(chart.caption, /busy >99% of/);
  const [numbers] = tipsOf(chart);
  const busy = numbers!.slice(4, -4)
    .map((text) => Number(/busy: ([\d.]+)/.exec(text)![1]));
  assert.ok(busy.length > 200);
  for (const mean of busy) assert.ok(mean > 1.95, `${mean}`);
});

Deno.test("busyWorkers() names each of 50 workers", () => {
  const rows = Array.from(
    { length: 50 },
    (_, worker) => ({ worker, start: 0, end: 9 }),
  );
  const y = busyWorkers(rows).options.panels![1]!.plots[0]!.y as {
    ticks: number[];
    tickFormat: (tick: number) => string;
  };
  assert.deepEqual(
    y.ticks.map((tick) => y.tickFormat(tick)),
    Array.from({ length: 50 }, (_, worker) => `worker ${worker}`),
  );
});

Deno.test("busyWorkers() says which app and task a worker is busy with", () => {
  const life = { block: "0", host: "n1", worker: "3" };
  const rows = [
    { ...life, start: 0, end: 4, state: "busy", app: "left", task: "7" },
    { ...life, start: 4, end: 5, state: "dispatch", app: null, task: null },
    { ...life, start: 5, end: 9, state: "busy", app: "right", task: "8" },
  ];
  const [numbers, lines] = tipsOf(busyWorkers(rows));
  assert.ok(
    numbers!.includes("0 s\nleft: 1\nof 1 worker"),
    numbers!.join("; "),
  );
  assert.ok(
    lines!.includes(
      "worker 3 of block 0 on n1\nbusy, task 7, left\n4 s from 0 s on",
    ),
    lines!.join("; "),
  );
  // By app: the numbers have the colours of the lines.
  const { svg } = busyWorkers(
    rows.map(({ state: _, ...row }) => row).filter(({ app }) => app),
  );
  const colors = colorsFor(["left", "right"]);
  for (const color of colors.values()) {
    assert.ok(
      svg.includes(`fill="${color}"`) && svg.includes(`stroke="${color}"`),
    );
  }
});

Deno.test("busyWorkers() draws each run from its own start, unless asked for one plot", () => {
  const rows = [
    { run: "000", worker: "0", start: 0, end: 10 },
    { run: "001", worker: "0", start: 500, end: 505 },
  ];
  const domains = busyWorkers(rows).options.panels!
    .map(({ plots }) => plots[0]!.x?.domain);
  assert.deepEqual(domains, [[0, 10], [0, 10], [500, 510], [500, 510]]);
  const { caption } = busyWorkers(rows, { facet: null });
  assert.match(caption, /^2 workers, busy 100% of the 15 s/);
});
