import defer * as resvg from "@resvg/resvg-js";

/**
 * An SVG drawn as PNG, `scale` pixels to one of the SVG's. The renderer is
 * native code: it needs the permissions ffi and sys, env to find its binary,
 * and read for the system's fonts.
 */
export function renderPng(svg: string, scale: number): Uint8Array {
  if (!(scale > 0 && scale <= 20)) {
    throw new RangeError(`scale must be above 0 and at most 20, not ${scale}`);
  }
  const image = new resvg.Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  });
  // A plain array of bytes, where the renderer gives a Buffer of Node's.
  return new Uint8Array(image.render().asPng());
}
