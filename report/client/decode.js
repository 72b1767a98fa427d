import { pause } from "./elements.js";

/** What the page was packed with: the header, and the columns by their names. */
export async function decode(base64) {
  const packed = await bytesOf(base64);
  const stream = new Blob([packed]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  const header = JSON.parse(text);
  const columns = {};
  let at = 4 + length;
  for (const { name, length, bytes } of header.columns) {
    columns[name] = bytes === 8
      ? new Float64Array(buffer, at, length)
      : new Int32Array(buffer, at, length);
    at += Math.ceil(length * bytes / 8) * 8;
  }
  return { ...header, columns };
}

async function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const bytes = new Uint8Array(
    base64.length / 4 * 3 - (base64.endsWith("==") ? 2 : +base64.endsWith("=")),
  );
  const step = 1 << 20;
  for (let from = 0; from < base64.length; from += step) {
    const part = atob(base64.slice(from, from + step));
    const to = from / 4 * 3;
    for (let i = 0; i < part.length; i++) bytes[to + i] = part.charCodeAt(i);
    await pause();
  }
  return bytes;
}
