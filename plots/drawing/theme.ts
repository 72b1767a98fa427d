// A chart is drawn for a light page. A style sheet inside it replaces its colours
// on a dark one, so that programs which know no style sheets draw the light chart.

import { isColorOfName } from "../chart/colors.ts";
import {
  chroma,
  contrast,
  fromOklab,
  hexOf,
  opacityOf,
  parseColor,
  type Rgb,
  toOklab,
} from "./color_math.ts";
import { style } from "./style.ts";

/**
 * The style sheet of a drawing: as an image or a file of its own it follows the
 * color scheme of the page or the system, inside a notebook that of the notebook.
 * Paper is light.
 */
export function themeOf(drawing: string): string {
  const used = new Set([
    // The outline of a tip.
    `stroke ${style.mutedInk}`,
    ...Array.from(
      drawing.matchAll(coloured),
      ([, name, color]) => `${name} ${color}`,
    ),
  ]);
  // A raster stays as it is, and so does a scale with more colours than a style
  // sheet should have: their legends must too.
  const continuous = [...used].filter((used) => used.includes("rgb("));
  const keepsScale = continuous.length > maxContinuous ||
    drawing.includes("<image ");
  const rules = [...used].sort().map((used) => {
    const [name, color] = used.split(/ (.*)/) as [string, string];
    if (keepsScale && color.startsWith("rgb(")) return "";
    const dark = darkColor(color);
    return dark === undefined || dark === color
      ? ""
      : `.dnpc [${name}="${color}"]{${name}:light-dark(${color},${dark})}`;
  });
  return `<style>@supports (color:light-dark(red,red)){` +
    `:root.dnpc{color-scheme:light dark}` +
    `[data-jp-theme-light=true] .dnpc,.vscode-light .dnpc{color-scheme:light}` +
    `[data-jp-theme-light=false] .dnpc,.vscode-dark .dnpc{color-scheme:dark}` +
    `@media print{.dnpc.dnpc.dnpc{color-scheme:light}}` +
    `${rules.join("")}}</style>`;
}

const maxContinuous = 300;

const coloured =
  / (fill|stroke|color|stop-color)="(#[0-9a-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([^"]+\))"/gi;

/**
 * The counterpart of a colour on a dark page, of the same hue. A colour of a name
 * stays if it can be seen. Any other contrasts with the dark background as it
 * does with white, so that pale remains pale, and a ramp still leads away from the
 * background. Undefined if it is none, or in a notation that SVG does not have.
 */
export function darkColor(color: string): string | undefined {
  const rgb = parseColor(color);
  if (!rgb || fixedInks.includes(color)) return rgb && color;
  if (color === darkNavy[0]) return darkNavy[1];
  return hexOf(
    isColorOfName(color) ? lightened(rgb) : mirrored(rgb),
    opacityOf(color),
  );
}

const white = parseColor("white")!;
const darkBackground = parseColor(style.darkBackground)!;

// Made lighter, navy would be like the other blues.
const darkNavy: readonly [string, string] = ["#004488", "#306bb3"];

function lightened(rgb: Rgb): Rgb {
  if (contrast(rgb, darkBackground) >= 3.3) return rgb;
  // The darkest on white become the lightest, so that they still differ.
  const target = 3.3 + (contrast(rgb, white) - 5.7) * 1.3;
  return withContrast(rgb, Math.min(8.5, target));
}

function mirrored(rgb: Rgb): Rgb {
  const light = contrast(rgb, white);
  if (light < 1.01) return darkBackground;
  // Pale colours are harder to see in the dark than their contrast says, and to
  // tell apart.
  const [pale, strong] = isGrey(rgb) ? [1.4, 0.93] : [2.3, 0.6];
  return withContrast(
    rgb,
    1 + Math.min(light - 1, 1) * pale + Math.max(0, light - 2) * strong,
  );
}

const isGrey = (rgb: Rgb) => chroma(rgb) < 0.03;

/** A colour of this hue, with this contrast to the dark background. */
function withContrast(rgb: Rgb, target: number): Rgb {
  const [, a, b] = toOklab(rgb);
  let [low, high] = [0, 1];
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    const found = inGamut(middle, a, b);
    if (contrast(found, darkBackground) < target) low = middle;
    else high = middle;
  }
  return inGamut(high, a, b);
}

/** The colour of this lightness and hue, as saturated as a screen can show. */
function inGamut(l: number, a: number, b: number): Rgb {
  let [low, high] = [0, 1];
  for (let i = 0; i < 12; i++) {
    const share = i === 0 ? 1 : (low + high) / 2;
    const isShown = fromOklab([l, a * share, b * share])
      .every((part) => part >= -1e-4 && part <= 1.0001);
    if (isShown) low = share;
    else high = share;
    if (low === 1) break;
  }
  return fromOklab([l, a * low, b * low])
    .map((part) => Math.min(1, Math.max(0, part))) as Rgb;
}

// Black and white text on a colour that is light, or dark, on both pages.
const fixedInks = ["#010101", "#fefefe"];

/** Black or white: text that can be read on a colour, on both pages. */
export function textColorOn(color: string): string {
  const [onLight, onDark] = [color, darkColor(color) ?? color]
    .map((color) => {
      const rgb = parseColor(color);
      return rgb !== undefined && contrast(rgb, white) >= 4.5;
    });
  if (onLight === onDark) return fixedInks[onLight ? 1 : 0]!;
  return onLight ? "#ffffff" : "#000000";
}
