import {
  fileOnDisk,
  packingLength,
  packingOf,
} from "../../importers/container/packing.ts";
import { chunksOf, joined, peek } from "../../importers/container/chunks.ts";
// Loaded for compressed files only, because it asks for permissions.
import defer * as packing from "../../importers/container/unpack.ts";
import { sha256 } from "../../importers/container/sha256.ts";
import { messageOf } from "../../display/text/format.ts";

/** A place in a source, and what identifies the content of the source. */
export interface Place {
  source_id: number | null;
  path: string | null;
  /**
   * The byte at which the line starts; or the number of the line, from 1, with
   * a minus sign; null if there is no line.
   */
  at: number | null;
  bytes: number;
  fingerprint: string | null;
}

/** A line near a wanted one. */
interface NearLine {
  text: string;
  /** Distance to the wanted line: -1 is the line before it. */
  from: number;
}

/** The lines for each wanted place, or the reason for their absence. */
export type LinesOfFile = ReadonlyMap<number, NearLine[]> | string;

/** The lines of each source, or the reason for their absence. */
export function linesOfSources(
  places: readonly Place[],
  context: number,
): Map<number | null, LinesOfFile> {
  const bySource = Map.groupBy(
    places.filter(({ at }) => at !== null),
    ({ source_id }) => source_id,
  );
  const found = new Map<number | null, LinesOfFile>();
  readSources(
    bySource.values().map((places) => ({ ...places[0]!, places })),
    (source, chunks) => {
      const lines = linesAround(source, source.places, chunks, context);
      found.set(source.source_id, lines);
    },
    ({ source_id }, reason) => found.set(source_id, reason),
  );
  return found;
}

/** A source, and what identifies its content. */
type ReadSource = Omit<Place, "at">;

/**
 * Reads sources, each file or container once.
 *
 * @param read is given the source and its content
 * @param missed is given a source that cannot be read, and the reason
 */
function readSources<Source extends ReadSource>(
  wanted: Iterable<Source>,
  read: (source: Source, chunks: Iterable<Uint8Array>) => void,
  missed: (source: Source, reason: string) => void,
): void {
  // A container holds the logs of many sources, and is unpacked once.
  const byFile = Map.groupBy(wanted, ({ path }) => fileOf(path!));
  for (const [file, sources] of byFile) {
    const left = new Set(sources);
    const failed = (reason: string) => {
      for (const source of left) missed(source, `${source.path} ${reason}`);
    };
    if (file === undefined) {
      failed("is gone");
      continue;
    }
    let held: Generator<Uint8Array> | undefined;
    try {
      held = chunksOf(file);
      const { start, all } = peek(held, packingLength);
      const files = packingOf(start)
        ? packing.unpack(file, all)
        : [{ path: file, chunks: all }];
      for (const { path, chunks } of files) {
        // The content is that of the newest source with the path.
        const [newest, ...older] = left.values()
          .filter((source) => source.path === path).toArray()
          .sort((a, b) => b.source_id! - a.source_id!);
        if (!newest) continue;
        read(newest, chunks);
        left.delete(newest);
        for (const source of older) {
          missed(source, changed(path));
          left.delete(source);
        }
        if (left.size === 0) break;
      }
      failed(`is no longer in ${file}`);
    } catch (error) {
      failed(`cannot be read: ${messageOf(error)}`);
    } finally {
      held?.return(undefined);
    }
  }
}

/**
 * Visits lines of sources, whatever their number, in the order of each file.
 *
 * @param wanted sources with the bytes at which the lines start, ascending
 * @param visit is given the source, the index of the place and the line
 * @returns the sources that cannot be read, or have changed: what was visited
 * of them is worthless
 */
export function visitLines<
  Source extends ReadSource & { offsets: Float64Array },
>(
  wanted: Iterable<Source>,
  visit: (source: Source, index: number, line: string) => void,
): Set<Source> {
  const missing = new Set<Source>();
  readSources(wanted, (source, chunks) => {
    const { offsets } = source;
    const content = importedContent(source, chunks);
    let next = 0;
    for (const { offset, line } of linesOf(content.chunks)) {
      for (; offsets[next] === offset; next++) {
        visit(source, next, lineText(line));
      }
    }
    if (!content.isSame() || next < offsets.length) missing.add(source);
  }, (source) => missing.add(source));
  return missing;
}

/**
 * The lines at the places in a file, with context. Reads everything that was
 * imported, to compare its fingerprint.
 */
function linesAround(
  source: ReadSource,
  places: readonly Place[],
  chunks: Iterable<Uint8Array>,
  context: number,
): LinesOfFile {
  const wanted = new Set(places.map(({ at }) => at!));
  const content = importedContent(source, chunks);
  const lines = near(content.chunks, wanted, context);
  return content.isSame() && lines.size === wanted.size
    ? lines
    : changed(source.path!);
}

/** The part of a file that was imported, and whether it is still the same. */
function importedContent(
  { bytes, fingerprint }: ReadSource,
  chunks: Iterable<Uint8Array>,
): { chunks: Iterable<Uint8Array>; isSame: () => boolean } {
  const hash = sha256();
  let left = bytes;
  function* imported(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      hash.update(part);
      yield part;
      if (left === 0) return;
    }
  }
  return {
    chunks: imported(),
    isSame: () =>
      left === 0 && (fingerprint?.endsWith(hash.digest("hex")) ?? false),
  };
}

const changed = (path: string) => `${path} has changed since it was imported`;

function fileOf(path: string): string | undefined {
  try {
    return fileOnDisk(path);
  } catch {
    // Reading it tells the reason.
    return path;
  }
}

// A log without any end of line is not text.
const maxLineBytes = 1 << 16;

function near(
  chunks: Iterable<Uint8Array>,
  wanted: ReadonlySet<number>,
  context: number,
): Map<number, NearLine[]> {
  const found = new Map<number, NearLine[]>();
  const before: Uint8Array[] = [];
  let open: { lines: NearLine[]; from: number }[] = [];
  let number = 0;
  for (const { offset, line } of linesOf(chunks)) {
    number++;
    for (const one of open) one.lines.push(nearLine(line, ++one.from));
    open = open.filter(({ from }) => from < context);
    for (const place of [offset, -number]) {
      if (!wanted.has(place)) continue;
      const lines = before.map((line, i) => nearLine(line, i - before.length));
      lines.push(nearLine(line, 0));
      found.set(place, lines);
      if (context > 0) open.push({ lines, from: 0 });
    }
    before.push(line);
    if (before.length > context) before.shift();
  }
  return found;
}

const decoder = new TextDecoder();

const nearLine = (line: Uint8Array, from: number): NearLine => ({
  text: lineText(line),
  from,
});

const lineText = (line: Uint8Array): string =>
  decoder.decode(line).replace(/\r$/, "");

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
