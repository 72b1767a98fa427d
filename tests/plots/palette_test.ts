// Over 300 lines: one table of colours, and how they look to all kinds of eyes.

import {
  categoricalColors,
  type Chart,
  colorsFor,
  cumulativeDistribution,
  durationHistogram,
  durationsOverTime,
  eventRate,
  lifelines,
  lineColorsFor,
  metricSeries,
  runningSpans,
  spansInState,
  timeline,
} from "dnpc/plots";
import assert from "node:assert/strict";
import {
  contrast,
  parseColor,
  toOklab,
} from "../../plots/drawing/color_math.ts";
import { darkColor, textColorOn } from "../../plots/drawing/theme.ts";
import { useColors } from "../../plots/workers/worker_colors.ts";

/**
 * Colour vision without one of the three kinds of cones, in linear RGB:
 * Machado, Oliveira and Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency" (2009), severity 1.
 */
const visions = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (color: string) =>
  [1, 3, 5].map((i) => {
    const part = parseInt(color.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });

/** CIE Lab, where a distance of 2.3 is just noticeable. */
function lab(color: string, vision: number[][]): number[] {
  const [r, g, b] = vision.map((row) =>
    Math.min(
      1,
      Math.max(0, linear(color).reduce((sum, c, i) => sum + c * row[i]!, 0)),
    )
  ) as [number, number, number];
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
  ].map((t) => t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116) as [
    number,
    number,
    number,
  ];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const together = {
  "of Parsl's tries":
    "unsched pending launched running running_ended joining " +
    "exec_done memo_done fail_retryable failed dep_fail",
  "of Work Queue's tasks": "WAITING RUNNING WAITING_RETRIEVAL RETRIEVED DONE",
  "of whereIsEveryTask()":
    "dependencies dfk interchange manager worker returning " +
    "again joining done failed",
};

for (const [vision, matrix] of Object.entries(visions)) {
  Deno.test(`joining, the DFK and another try are unlike for ${vision} vision`, () => {
    const names = ["joining", "in the DFK", "to be tried again"];
    assertApart([...colorsFor(names)], matrix, 20);
  });
  for (const [whose, words] of Object.entries(together)) {
    Deno.test(`colorsFor() separates the states ${whose} for ${vision} vision`, () => {
      assertApart([...colorsFor(words.split(" "))], matrix);
    });
  }
  Deno.test(`lineColorsFor() separates six series for ${vision} vision`, () => {
    assertApart([...lineColorsFor("abcdef".split(""))], matrix);
  });
}

/** Checks that colours are apart on a light page and on a dark one. */
function assertApart(
  colors: readonly (readonly [string, string])[],
  vision: number[][],
  least = 9.5,
): void {
  assertApartOn("light", colors, vision, least);
  const dark = colors.map(([name, color]) =>
    [name, darkColor(color)!] as const
  );
  assertApartOn("dark", dark, vision, least);
}

function assertApartOn(
  page: string,
  colors: readonly (readonly [string, string])[],
  vision: number[][],
  least: number,
): void {
  colors.forEach(([a, colorA], i) => {
    for (const [b, colorB] of colors.slice(i + 1)) {
      const other = lab(colorB, vision);
      const distance = Math.hypot(
        ...lab(colorA, vision).map((value, j) => value - other[j]!),
      );
      assert.ok(
        distance > least,
        `${a} and ${b} are ${distance} apart when ${page}`,
      );
    }
  });
}

Deno.test("colorsFor() gives two types' states of the same name different colours", () => {
  const colors = colorsFor(["task.running", "node.running", "pending"]);
  assert.equal(new Set(colors.values()).size, 3);
  assert.equal(colors.get("task.running"), "#0072b2");
});

Deno.test("colorsFor() gives the same names the same colours in any order", () => {
  const names = Array.from({ length: 30 }, (_, i) => `stage ${i}`);
  const colors = colorsFor(names);
  for (const [name, color] of colorsFor(names.toReversed())) {
    assert.equal(colors.get(name), color);
  }
});

Deno.test("colorsFor() accepts names of Object.prototype", () => {
  for (const name of ["constructor", "__proto__", "toString"]) {
    assert.match(colorsFor([name]).get(name)!, /^#/);
  }
});

const white = parseColor("#ffffff")!;
const dark = parseColor(darkColor("#ffffff")!)!;

Deno.test("lineColorsFor() contrasts with a light and with a dark page", () => {
  for (const color of lineColorsFor("abcdefgh".split("")).values()) {
    assert.ok(contrast(parseColor(color)!, white) >= 3, color);
    assert.ok(contrast(parseColor(darkColor(color)!)!, dark) >= 3, color);
  }
});

Deno.test("darkColor() keeps the order of a ramp, away from the background", () => {
  const ramp = [
    "#ffffff",
    "#d3e4f1",
    "#93c3e4",
    "#63a5d4",
    "#135c96",
    "#08305a",
  ];
  const contrasts = ramp.map((color) =>
    contrast(parseColor(darkColor(color)!)!, dark)
  );
  assert.deepEqual(contrasts, contrasts.toSorted((a, b) => a - b));
  assert.equal(new Set(contrasts).size, ramp.length);
});

Deno.test("darkColor() keeps the colours of names apart as a light page does", () => {
  const least = (colors: readonly string[]) => {
    const labs = colors.map((color) => toOklab(parseColor(color)!));
    return Math.min(
      ...labs.flatMap((one, i) =>
        labs.slice(i + 1).map((other) =>
          Math.hypot(...one.map((part, k) => part - other[k]!))
        )
      ),
    );
  };
  const inTheDark = categoricalColors.map((color) => darkColor(color)!);
  assert.ok(least(inTheDark) >= least(categoricalColors));
});

Deno.test("textColorOn() is legible on a colour on either page", () => {
  const colors = [
    ...categoricalColors,
    ...useColors.values(),
    ...colorsFor(together["of Parsl's tries"].split(" ")).values(),
  ];
  for (const color of colors) {
    const text = textColorOn(color);
    assert.ok(contrast(parseColor(text)!, parseColor(color)!) >= 4.5, color);
    const [darkText, darkFill] = [text, color].map((color) =>
      parseColor(darkColor(color)!)!
    );
    assert.ok(contrast(darkText!, darkFill!) >= 4.2, `${color} in the dark`);
  }
});
const allStates = [
  "unsched ready waiting submitted queued cancelled lost completed",
  "queue taskvine",
  ...Object.values(together),
].join(" ").split(" ");

for (const vision of ["full", "protanopia", "deuteranopia"] as const) {
  Deno.test(`the uses of worker time are apart for ${vision} vision`, () => {
    // "idle" is "nothing queued" of rows without causes.
    assertApart(
      [...useColors].filter(([use]) => use !== "idle"),
      visions[vision],
    );
  });
}

/** Lightness and chroma. */
const lightness = (color: string) => lab(color, visions.full)[0]!;
const chroma = (color: string) =>
  Math.hypot(...lab(color, visions.full).slice(1));

Deno.test("colorsFor() gives states colours that are seen on light and dark pages", () => {
  for (const state of allStates) {
    const color = colorsFor([state]).get(state)!;
    const rgb = parseColor(color)!;
    assert.ok(contrast(rgb, white) >= 1.5, `${state} on white`);
    assert.ok(
      contrast(rgb, parseColor("#1b1f24")!) >= 2.4,
      `${state} in the dark`,
    );
    const inTheDark = parseColor(darkColor(color)!)!;
    assert.ok(contrast(inTheDark, dark) >= 2.1, `${state} in the dark`);
  }
});

Deno.test("colorsFor() gives finished states pale colours, and work saturated ones", () => {
  const colorOf = (state: string) => colorsFor([state]).get(state)!;
  for (const state of ["exec_done", "memo_done", "done", "DONE", "RETRIEVED"]) {
    assert.ok(lightness(colorOf(state)) > 75, state);
  }
  for (const state of ["running", "joining", "in a worker", "RUNNING"]) {
    assert.ok(lightness(colorOf(state)) < 68, state);
    assert.ok(chroma(colorOf(state)) > 40, state);
    assert.ok(chroma(colorOf(state)) > 1.5 * chroma(colorOf("done")), state);
  }
});

/** Spans of many apps, fewer of each than of the one before. */
const apps = Array.from({ length: 30 }, (_, a) => `app${a}`);
const spans = apps.flatMap((app, a) =>
  Array.from({ length: 40 - a }, (_, i) => ({
    start: a + i / 10,
    end: a + i / 10 + 1,
    app,
  }))
);
const moments = spans.flatMap(({ start, end, app }, i) => [
  { task: i, time: start, step: `at ${app}`, app },
  { task: i, time: end, step: "exec_done", app },
]);
const series = "app";

const charts: Record<string, () => Chart> = {
  cumulativeDistribution: () => cumulativeDistribution(spans, { series }),
  durationHistogram: () => durationHistogram(spans, { series }),
  durationsOverTime: () => durationsOverTime(spans, { series }),
  eventRate: () => eventRate(spans, { time: "start", series }),
  "eventRate in lines": () =>
    eventRate(spans, { time: "start", series, stack: "lines" }),
  lifelines: () => lifelines(moments, { series }),
  metricSeries: () =>
    metricSeries(spans, { time: "start", value: "end", series, mark: "line" }),
  runningSpans: () => runningSpans(spans, { series }),
  "runningSpans in facets": () => {
    const rows = spans.map((row, i) => ({ ...row, facet: i % 3 }));
    // Each facet has apps of its own.
    const own = rows.map((row) => ({ ...row, app: `${row.app}${row.facet}` }));
    return runningSpans(own, { series, facet: "facet" });
  },
  spansInState: () => spansInState(moments),
  timeline: () =>
    timeline(spans.map((row, i) => ({ line: i % 50, ...row })), {
      phase: "app",
    }),
};

for (const [name, draw] of Object.entries(charts)) {
  Deno.test(`${name} gives no two of 30 apps the same colour, but "other (n)"`, () => {
    const { legend = [] } = draw().options;
    const own = legend.filter(({ label }) => !/^(max|slow|median)/.test(label));
    assert.equal(new Set(own.map(({ color }) => color)).size, own.length);
    // Nothing is left out in silence.
    const other = own.find(({ label }) => label.startsWith("other ("));
    assert.ok(other, JSON.stringify(own));
    assertApart(own.map(({ label, color }) => [label, color]), visions.full, 8);
  });
}
