import { dirname } from "node:path";
import { packingLength, packingOf } from "../../importers/container/packing.ts";
import { chunksOf, peek } from "../../importers/container/chunks.ts";
// Loaded for compressed files only, because it asks for permissions.
import defer * as packing from "../../importers/container/unpack.ts";
import { sha256 } from "../../importers/container/sha256.ts";

/** A source as an import recorded it. */
export interface KnownSource {
  path: string;
  /** Bytes read. */
  bytes: number;
  /** Identifies the content up to there. */
  fingerprint: string | null;
}

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
  { path, bytes, fingerprint }: KnownSource,
  offsets: ReadonlySet<number>,
  context: number,
): LinesOfFile {
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
      if (Deno.statSync(above).isFile) return above;
      return undefined;
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
  let offset = 0;
  let length = 0;
  for (const chunk of chunks) {
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(10, at);
      const part = chunk.subarray(at, end < 0 ? chunk.length : end);
      const line = rest.length ? joinedUpTo(rest, part) : part;
      length += part.length;
      if (end < 0) {
        rest = line.slice(0, maxLineBytes);
        break;
      }
      yield { offset, line: line.subarray(0, maxLineBytes) };
      offset += length + 1;
      length = 0;
      rest = new Uint8Array(0);
      at = end + 1;
    }
  }
  if (length) yield { offset, line: rest };
}

function joinedUpTo(a: Uint8Array, b: Uint8Array): Uint8Array {
  const part = b.subarray(0, Math.max(0, maxLineBytes - a.length));
  const whole = new Uint8Array(a.length + part.length);
  whole.set(a);
  whole.set(part, a.length);
  return whole;
}
