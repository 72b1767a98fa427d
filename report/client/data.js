import { byId, pause } from "./elements.js";
import { pageRows } from "./rows.js";

/**
 * The data of the page: `head` at once, `stream` when it is decoded, and `rows`,
 * which are decoded only after the browser has drawn what needs no rows.
 */
export function pageData() {
  const promises = {};
  const once = (name, make) => promises[name] ??= make();
  const data = {
    head: JSON.parse(byId("head-data").textContent),
    get stream() {
      return once("stream", () => unpacked("stream-data").json());
    },
    get rows() {
      return once("rows", async () => {
        await pause();
        const rows = await unpacked("rows-data").arrayBuffer();
        return pageRows(rows, data.head.sources);
      });
    },
  };
  return data;
}

/** What `PackedJson` has packed; its element is removed. */
function unpacked(id) {
  const stream = new Blob([takeBytes(id)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream);
}

/** The bytes of an element's base64; the element is removed. */
function takeBytes(id) {
  const base64 = byId(id).textContent;
  byId(id).remove();
  return Uint8Array.fromBase64?.(base64) ??
    Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
