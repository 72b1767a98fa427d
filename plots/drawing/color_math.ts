// @ts-types="npm:@types/d3-color@3.1.3"
import { rgb } from "d3-color";

/** Linear red, green and blue, 0 to 1. */
export type Rgb = [red: number, green: number, blue: number];

/** A colour in hexadecimal, of a name, or in rgb() or hsl(). */
export function parseColor(color: string): Rgb | undefined {
  const { r, g, b } = rgb(color);
  const parts = [r, g, b].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return parts.every((part) => part >= 0 && part <= 1) ? parts : undefined;
}

/** 0 for what cannot be seen, 1 for what hides everything below it. */
export const opacityOf = (color: string): number => rgb(color).opacity;

export function hexOf(rgb: Rgb, opacity = 1): string {
  const parts = rgb.map((part) => {
    return part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
  });
  return `#${
    [...parts, ...opacity < 1 ? [opacity] : []].map((part) =>
      Math.round(part * 255).toString(16).padStart(2, "0")
    ).join("")
  }`;
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** After the Web Content Accessibility Guidelines 2.1, "contrast ratio". */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

// Björn Ottosson, "A perceptual color space for image processing" (2020).
export function toOklab([r, g, b]: Rgb): Rgb {
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(Math.cbrt) as Rgb;
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function fromOklab([lightness, a, b]: Rgb): Rgb {
  const [l, m, s] = [
    lightness + 0.3963377774 * a + 0.2158037573 * b,
    lightness - 0.1055613458 * a - 0.0638541728 * b,
    lightness - 0.0894841775 * a - 1.291485548 * b,
  ].map((part) => part ** 3) as Rgb;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Distance from grey: 0.3 is the most saturated colour of a screen. */
export const chroma = (rgb: Rgb): number =>
  Math.hypot(...toOklab(rgb).slice(1));
