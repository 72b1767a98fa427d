import { dirname } from "node:path";
import { packingLength, packingOf } from "../../importers/container/packing.ts";
import { chunksOf, joined, peek } from "../../importers/container/chunks.ts";
// Loaded for compressed files only, because it asks for permissions.
import defer * as packing from "../../importers/container/unpack.ts";
import { sha256 } from "../../importers/container/sha256.ts";

/** A line near a wanted one. */
export interface NearLine {
  text: string;
  /** Distance to the wanted line: -1 is the line before it. */
  from: number;
}

/** The lines for each wanted offset, or the reason for their absence. */
export type LinesOfFile =
  | { lines: ReadonlyMap<number, NearLine[]>; problem?: undefined }
  | { problem: string };

/**
 * Reads the lines that begin at some offsets of a source, with context. Reads
 * everything that was imported, to compare its fingerprint.
 */
export function linesAround(
  source: { path: string | null; bytes: number; fingerprint: string | null },
  offsets: ReadonlySet<number>,
  context: number,
): LinesOfFile {
  const { bytes, fingerprint } = source;
  const path = source.path!;
  const container = fileAbove(path);
  if (container === undefined) return { problem: `${path} is gone` };
  const hash = sha256();
  let left = bytes;
  function* imported(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const chunk of chunks) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      hash.update(part);
      yield part;
      if (left === 0) return;
    }
  }
  const held = chunksOf(container);
  try {
    const { start, all } = peek(held, packingLength);
    const files = packingOf(start)
      ? packing.unpack(container, all)
      : [{ path: container, chunks: all }];
    for (const file of files) {
      if (file.path !== path) continue;
      const lines = near(imported(file.chunks), offsets, context);
      const isSame = left === 0 && fingerprint?.endsWith(hash.digest("hex")) &&
        lines.size === offsets.size;
      return isSame
        ? { lines }
        : { problem: `${path} has changed since it was imported` };
    }
    return { problem: `${path} is no longer in ${container}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `${path} cannot be read: ${why}` };
  } finally {
    held.return(undefined);
  }
}

/** The file itself, or the container that it is in. */
function fileAbove(path: string): string | undefined {
  for (let above = path;; above = dirname(above)) {
    try {
      return Deno.statSync(above).isFile ? above : undefined;
    } catch {
      // Not there, or inside a container.
      if (dirname(above) === above) return undefined;
    }
  }
}

// A log without any end of line is not text.
const maxLineBytes = 1 << 16;

function near(
  chunks: Iterable<Uint8Array>,
  offsets: ReadonlySet<number>,
  context: number,
): Map<number, NearLine[]> {
  const found = new Map<number, NearLine[]>();
  const before: Uint8Array[] = [];
  let open: { lines: NearLine[]; from: number }[] = [];
  for (const { offset, line } of linesOf(chunks)) {
    for (const one of open) one.lines.push(nearLine(line, ++one.from));
    open = open.filter(({ from }) => from < context);
    if (offsets.has(offset)) {
      const lines = before.map((line, i) => nearLine(line, i - before.length));
      lines.push(nearLine(line, 0));
      found.set(offset, lines);
      if (context > 0) open.push({ lines, from: 0 });
    }
    before.push(line);
    if (before.length > context) before.shift();
  }
  return found;
}

const decoder = new TextDecoder();

const nearLine = (line: Uint8Array, from: number): NearLine => ({
  text: decoder.decode(line).replace(/\r$/, ""),
  from,
});

/** Yields lines without their ends, and the offset of each. */
function* linesOf(
  chunks: Iterable<Uint8Array>,
): Generator<{ offset: number; line: Uint8Array }> {
  let rest: Uint8Array = new Uint8Array(0);
  // Bytes of the rest that were too many to keep.
  let lost = 0;
  let offset = 0;
  for (const chunk of chunks) {
    const bytes = joined([rest, chunk]);
    let at = 0;
    for (let end; (end = bytes.indexOf(10, at)) >= 0; at = end + 1) {
      yield {
        offset,
        line: bytes.subarray(at, Math.min(end, at + maxLineBytes)),
      };
      offset += end + 1 - at + lost;
      lost = 0;
    }
    rest = bytes.subarray(at, at + maxLineBytes);
    lost += bytes.length - at - rest.length;
  }
  if (rest.length) yield { offset, line: rest };
}
