import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";

/** A picture: RGBA, four bytes per pixel, row by row. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** Decodes an 8-bit, non-interlaced RGBA PNG, the format of charts. */
export function pixelsOf(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const kind = [...png.subarray(24, 29)].join(" ");
  if (kind !== "8 6 0 0 0") throw new TypeError(`a PNG of the kind ${kind}`);
  const packed: Uint8Array[] = [];
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const name = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    if (name === "IDAT") packed.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const rows = inflateSync(Buffer.concat(packed));
  const line = width * 4;
  const rgba = new Uint8Array(line * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (line + 1)]!;
    const here = y * line;
    for (let x = 0; x < line; x++) {
      const left = x < 4 ? 0 : rgba[here + x - 4]!;
      const up = y === 0 ? 0 : rgba[here - line + x]!;
      const corner = x < 4 || y === 0 ? 0 : rgba[here - line + x - 4]!;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
      rgba[here + x] = rows[y * (line + 1) + 1 + x]! + guess[filter]!;
    }
  }
  return { width, height, rgba };
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((near) => Math.abs(guess - near));
  if (a! <= b! && a! <= c!) return left;
  return b! <= c! ? up : corner;
}
