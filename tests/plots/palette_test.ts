import { categoricalColors, colorsFor, lineColorsFor } from "dnpc/plots";
import assert from "node:assert/strict";
import { contrast, parseColor } from "../../plots/drawing/color_math.ts";
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
  "of Parsl's tries": "pending launched running running_ended joining " +
    "exec_done memo_done fail_retryable failed dep_fail",
  "of Work Queue's tasks": "WAITING RUNNING WAITING_RETRIEVAL RETRIEVED DONE",
  "of whereIsEveryTask()":
    "dependencies dfk interchange manager worker returning " +
    "again joining done failed",
};

for (const [vision, matrix] of Object.entries(visions)) {
  for (const [whose, words] of Object.entries(together)) {
    Deno.test(`colorsFor() separates the states ${whose} for ${vision} vision`, () => {
      assertApart([...colorsFor(words.split(" "))], matrix);
    });
  }
  Deno.test(`the uses of worker time are apart for ${vision} vision`, () => {
    // "idle" is "nothing queued" of rows without causes.
    assertApart([...useColors].filter(([use]) => use !== "idle"), matrix);
  });
  Deno.test(`lineColorsFor() separates six series for ${vision} vision`, () => {
    assertApart([...lineColorsFor("abcdef".split(""))], matrix);
  });
}

/** Checks that colours are apart on a light page and on a dark one. */
function assertApart(
  colors: readonly (readonly [string, string])[],
  vision: number[][],
): void {
  assertApartOn("light", colors, vision);
  const dark = colors.map(([name, color]) =>
    [name, darkColor(color)!] as const
  );
  assertApartOn("dark", dark, vision);
}

function assertApartOn(
  page: string,
  colors: readonly (readonly [string, string])[],
  vision: number[][],
): void {
  colors.forEach(([a, colorA], i) => {
    for (const [b, colorB] of colors.slice(i + 1)) {
      const other = lab(colorB, vision);
      const distance = Math.hypot(
        ...lab(colorA, vision).map((value, j) => value - other[j]!),
      );
      assert.ok(
        distance > 10,
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
