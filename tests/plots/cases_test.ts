import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { isWhole } from "../faults/figures.ts";
import { inBrowser } from "../tools/needs.ts";
import { sharedBrowser } from "../tools/shared_browser.ts";
import { cases } from "./cases.ts";
import { drawAt } from "./cases/charts.ts";

const browser = sharedBrowser();

/** The SVG of each case, drawn by the first tests. */
const drawn = new Map<string, string>();

const svgOf = async (name: string) =>
  drawn.get(name) ?? (await cases[name]!()).svg;

for (const [i, [name, draw]] of Object.entries(cases).entries()) {
  Deno.test(`a chart is small and valid, and has a caption: ${name}`, async () => {
    const { svg, caption, options, png } = await draw();
    drawn.set(name, svg);
    assert.ok(svg.length < 300_000, `${svg.length} bytes`);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|\[object/);
    for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) {
      assert.ok(Number(size) >= 9, `text of ${size} pixels`);
    }
    // With facets, each has its own caption.
    const headed = options.panels?.filter(({ heading }) => heading);
    assert.ok(caption || headed?.every(({ note }) => note));
    // The fast suite renders some; a page shows all of them below.
    if (!isWhole && i % 5 > 0) return;
    // The renderer refuses XML that is not well formed.
    const image = png({ scale: isWhole ? 1 : 0.25 });
    assert.deepEqual([...image.subarray(1, 4)], [0x50, 0x4e, 0x47]);
  });
}

/** Problems with the texts of the charts of a page. */
function faults(): string[] {
  const luminance = (color: string) => {
    const [r, g, b] = color.match(/[\d.]+/g)!.slice(0, 3).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045
        ? value / 12.92
        : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  // deno-lint-ignore no-explicit-any
  const page = globalThis as any;
  const found: string[] = [];
  for (const section of page.document.querySelectorAll("section")) {
    const svg = section.querySelector("svg");
    const frame = svg.getBoundingClientRect();
    if (!(frame.width > 100 && frame.height > 100)) {
      found.push(`${section.id}: is not seen`);
    }
    const areas = [...svg.querySelectorAll("rect")].map((rect) => ({
      box: rect.getBoundingClientRect(),
      fill: page.getComputedStyle(rect).fill,
    })).filter(({ fill }) => fill.startsWith("rgb("));
    /** The colour of the last rectangle that lies behind all of a text. */
    const colorBehind = (box: DOMRect) =>
      // A text outside of all of them is cut off.
      areas.findLast((area) =>
        area.box.left <= box.left && area.box.right >= box.right &&
        area.box.top <= box.top + 4 && area.box.bottom >= box.bottom - 4
      )?.fill ?? "rgb(255, 255, 255)";
    const contrast = (one: string, other: string) => {
      const [low, high] = [luminance(one), luminance(other)]
        .sort((a, b) => a - b);
      return (high! + 0.05) / (low! + 0.05);
    };
    const texts = [...svg.querySelectorAll("text")]
      .filter((text) => text.textContent.trim() !== "")
      .map((text) => {
        const style = page.getComputedStyle(text);
        const box = text.getBoundingClientRect();
        return {
          name: `${section.id}: "${text.textContent}"`,
          box,
          size: parseFloat(style.fontSize),
          contrast: contrast(style.fill, colorBehind(box)),
        };
      });
    for (const { name, box, size, contrast } of texts) {
      if (size < 9) found.push(`${name} is ${size} pixels high`);
      if (contrast < 4.5) found.push(`${name} has a contrast of ${contrast}`);
      if (
        box.left < frame.left || box.right > frame.right ||
        box.top < frame.top || box.bottom > frame.bottom
      ) found.push(`${name} is cut off`);
    }
    // Lines at statistics.
    for (const line of svg.querySelectorAll('[stroke-dasharray="3 2"] line')) {
      const { left, bottom, top } = line.getBoundingClientRect();
      for (const { name, box } of texts) {
        if (
          left > box.left + 1 && left < box.right - 1 &&
          top < box.bottom - 4 && bottom > box.top + 4
        ) found.push(`${name} is crossed by a line`);
      }
    }
    texts.forEach((a, i) => {
      for (const b of texts.slice(i + 1)) {
        const width = Math.min(a.box.right, b.box.right) -
          Math.max(a.box.left, b.box.left);
        const height = Math.min(a.box.bottom, b.box.bottom) -
          Math.max(a.box.top, b.box.top);
        // Line boxes are higher than their glyphs.
        if (width > 0 && height > 4) found.push(`${a.name} on ${b.name}`);
      }
    });
  }
  return found;
}

const gallery = new URL("../../docs/gallery/", import.meta.url);

// A column of text, the default, and a wide screen.
for (const width of [340, 760, 1400]) {
  Deno.test(
    `the texts of charts of ${width} pixels are legible on any page`,
    inBrowser,
    async () => {
      const path = await Deno.makeTempFile({ suffix: ".html" });
      try {
        const sections: string[] = [];
        for (const [name, draw] of Object.entries(cases)) {
          if (name.includes("many")) continue;
          const svg = width === 760
            ? await svgOf(name)
            : (await drawAt(width, draw)).svg;
          sections.push(`<section id="${name}">${svg}</section>`);
        }
        for (const { name } of width === 760 ? Deno.readDirSync(gallery) : []) {
          const svg = await Deno.readTextFile(new URL(name, gallery));
          sections.push(`<section id="${name}">${svg}</section>`);
        }
        await Deno.writeTextFile(
          path,
          `<!doctype html><meta charset="utf-8"><title>charts</title>
          <style>:root { color-scheme: light dark; }</style>${
            sections.join("")
          }`,
        );
        await using page = await browser.openPage(pathToFileURL(path));
        for (const colorScheme of ["light", "dark"] as const) {
          await page.page.emulateMedia({ colorScheme });
          assert.deepEqual(await page.evaluate(faults), [], colorScheme);
        }
        assert.deepEqual(page.errors, []);
      } finally {
        await Deno.remove(path);
      }
    },
  );
}
