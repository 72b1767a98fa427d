// These make Deno install the packages.
import "@expo-google-fonts/inter/package.json" with { type: "json" };
import "@resvg/resvg-js/package.json" with { type: "json" };
import { fileURLToPath } from "node:url";
import { lazyModule } from "../lazy_module.ts";

const resvg = lazyModule<typeof import("@resvg/resvg-js")>(
  () => import.meta.resolve("@resvg/resvg-js"),
);

/**
 * Draws an SVG as PNG with `scale` pixels per pixel of the SVG. Text is in
 * Inter on every machine, because login nodes and containers often have no
 * fonts. Fonts of the machine are used for other scripts only.
 *
 * The renderer is native code and needs the permissions ffi, read and sys.
 *
 * @throws {RangeError} if the scale is not above 0 and at most 20
 */
export function renderPng(svg: string, scale: number): Uint8Array {
  if (!(scale > 0 && scale <= 20)) {
    throw new RangeError(`scale must be above 0 and at most 20, not ${scale}`);
  }
  const image = new resvg.Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontFiles: fontFiles(),
      defaultFontFamily: "Inter",
      sansSerifFamily: "Inter",
      loadSystemFonts: otherScripts.test(svg),
    },
  });
  // Not the Buffer of Node that the renderer returns.
  return new Uint8Array(image.render().asPng());
}

/** For a MIME bundle: some machines have no native renderer. */
export function pngIfPossible(
  png: () => Uint8Array,
): { "image/png"?: string } {
  try {
    return { "image/png": png().toBase64() };
  } catch (error) {
    console.warn(`The chart has no PNG: ${error}`);
    return {};
  }
}

const fonts = [
  "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
];

/** Paths of Inter, regular and semi-bold. */
export const fontFiles = (): string[] =>
  fonts.map((font) => fileURLToPath(import.meta.resolve(font)));

// Inter has Latin, Greek, Cyrillic and common symbols.
const otherScripts = /[^\0-\u052f\u1d00-\u2bff\ufffd]/u;
