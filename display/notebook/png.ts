// The package holds fonts and no code that could run here. The import makes it
// part of what is installed, so that its files can be found.
import "@expo-google-fonts/inter/package.json" with { type: "json" };
import defer * as resvg from "@resvg/resvg-js";
import { fileURLToPath } from "node:url";

/**
 * An SVG drawn as PNG, `scale` pixels to one of the SVG's. Text is drawn in
 * Inter, on every machine alike: login nodes and containers often have no fonts
 * at all. The machine's own fonts are looked at for other scripts alone.
 *
 * The renderer is native code: it needs the permission ffi, read and sys to find
 * its binary.
 *
 * @throws {RangeError} if the scale is not above 0 and at most 20.
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
  // A plain array of bytes, where the renderer gives a Buffer of Node's.
  return new Uint8Array(image.render().asPng());
}

function fontFiles(): string[] {
  return [
    import.meta.resolve(
      "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
    ),
    import.meta.resolve(
      "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
    ),
  ].map((url) => fileURLToPath(url));
}

// What Inter does not have: all but Latin, Greek, Cyrillic and common signs.
const otherScripts = /[^\0-\u052f\u1d00-\u2bff\ufffd]/u;
