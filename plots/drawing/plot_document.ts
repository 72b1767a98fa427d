import "linkedom/package.json" with { type: "json" };
import { lazyModule } from "../../display/lazy_module.ts";

const linkedom = lazyModule<typeof import("linkedom/worker")>(
  () => import.meta.resolve("linkedom/worker"),
);

const zlib = lazyModule<typeof import("node:zlib")>(() => "node:zlib");

/** The part of a document that is used here. */
export interface PlotDocument {
  createElement(name: string): object;
  createElementNS(space: string, name: string): PlotElement;
}

interface PlotElement {
  style: unknown;
  setAttribute(name: string, text: string): void;
}

let shared: PlotDocument | undefined;

/**
 * The document in which Plot draws. linkedom is small and quick, and Plot needs
 * no more of a browser but a canvas, for rasters and the ramps of legends.
 */
export function plotDocument(): PlotDocument {
  if (shared) return shared;
  const { document } = linkedom.parseHTML(
    "<html><body></body></html>",
  ) as unknown as { document: PlotDocument };
  const create = document.createElement.bind(document);
  document.createElement = (name) =>
    name === "canvas" ? new Canvas() : create(name);
  const createNS = document.createElementNS.bind(document);
  document.createElementNS = (space, name) =>
    name === "svg" ? withStyle(createNS(space, name)) : createNS(space, name);
  return shared = document;
}

/** Plot assigns the option `style` of a plot, if it is text. */
function withStyle(element: PlotElement): PlotElement {
  const { style } = element;
  return Object.defineProperty(element, "style", {
    get: () => style,
    set: (text: string) => element.setAttribute("style", text),
  });
}

interface Picture {
  width: number;
  height: number;
  /** Red, green, blue and opacity of each pixel. */
  data: Uint8ClampedArray;
}

/** A canvas, and its context. */
class Canvas {
  width = 300;
  height = 150;
  fillStyle = "";
  #colors: string[] = [];
  #picture: Picture | undefined;

  getContext(): this {
    return this;
  }

  createImageData(width: number, height: number): Picture {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  putImageData(picture: Picture): void {
    this.#picture = picture;
  }

  /** A ramp is filled pixel by pixel. */
  fillRect(x: number): void {
    this.#colors[x] = this.fillStyle;
  }

  toDataURL(): string {
    return this.#picture
      ? `data:image/png;base64,${pngOf(this.#picture).toBase64()}`
      : rampPrefix + this.#colors.join(";");
  }
}

// Not a URL that a browser knows: a ramp is drawn as rectangles.
const rampPrefix = "data:ramp,";

/** The colours of a canvas that was filled as a ramp. */
export const rampColors = (url: string): string[] | undefined =>
  url.startsWith(rampPrefix)
    ? url.slice(rampPrefix.length).split(";")
    : undefined;

/** Encodes pixels as PNG. */
function pngOf({ width, height, data }: Picture): Uint8Array {
  const rows = new Uint8Array(height * (4 * width + 1));
  for (let y = 0, at = 0, from = 0; y < height; y++) {
    // Differences from the pixel above compress better.
    rows[at++] = y > 0 ? 2 : 0;
    for (let x = 0; x < 4 * width; x++, from++) {
      rows[at++] = data[from]! - (y > 0 ? data[from - 4 * width]! : 0);
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits each of red, green, blue and opacity.
  header.set([8, 6], 8);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", zlib.deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ];
  const png = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return png;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  const checked = bytes.subarray(4, data.length + 8);
  view.setUint32(data.length + 8, zlib.crc32(checked));
  return bytes;
}
