import { Buffer } from "node:buffer";
import { posix } from "node:path";
import process from "node:process";
import "minizlib/package.json" with { type: "json" };
import "tar/package.json" with { type: "json" };
import type { Parser } from "tar/parse";
import type { ReadEntry } from "tar/read-entry";
import { lazyModule } from "../../display/lazy_module.ts";
import { packingLength, packingOf } from "./packing.ts";
import { peek } from "./chunks.ts";

// node:zlib and DecompressionStream decompress streams only asynchronously, which
// a transaction cannot wait for; tar depends on minizlib anyway.
const minizlib = lazyModule<typeof import("minizlib")>(
  () => import.meta.resolve("minizlib"),
);
const tar = lazyModule<typeof import("tar/parse")>(
  () => import.meta.resolve("tar/parse"),
);

/** A file inside a container. */
export interface PackedFile {
  /** The path of its container and its path inside. */
  path: string;
  /** Its path when unpacked. */
  name: string;
  /** Its content, to be read before the next file is requested. */
  chunks: Iterable<Uint8Array>;
  /** Why it cannot be read. */
  reason?: string;
}

/**
 * Unpacks a tarball or a gzip file, and containers inside, as a stream: in
 * bounded memory and without writing anything. Yields what precedes damage.
 *
 * @throws {Error} from the chunks, if the content is cut short
 */
export function* unpack(
  path: string,
  chunks: Iterable<Uint8Array>,
  name = path,
  depth = 0,
): Generator<PackedFile> {
  const { start, all } = peek(chunks, packingLength);
  const packed = packingOf(start);
  if (packed && depth === maxDepth) {
    const reason = `packed more than ${maxDepth} times over: unpack it first`;
    yield { path, name, chunks: [], reason };
  } else if (packed?.packing === "tar") {
    for (const member of membersOf(all)) {
      const inside = `${path}/${member.path}`;
      if (member.reason === undefined) {
        yield* unpack(inside, member.chunks, inside, depth + 1);
      } else yield { ...member, path: inside, name: inside };
    }
  } else if (packed?.packing === "gzip") {
    yield* unpack(path, gunzip(all), name.replace(/\.gz$/i, ""), depth + 1);
  } else if (packed) {
    const reason = `packed with ${packed.name}: unpack it first`;
    yield { path, name, chunks: [], reason };
  } else yield { path, name, chunks: all };
}

// Some packed files contain themselves.
const maxDepth = 16;

// A fault loses the rest of its chunk, so chunks are small.
const gzipChunk = 4096;
const unpackedChunk = 1 << 18;

function* gunzip(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  // Its types lack the options that it passes on to zlib.
  const options: object = { chunkSize: unpackedChunk };
  const stream = new minizlib.Gunzip(options);
  const ready: Uint8Array[] = [];
  let fault: unknown;
  stream.on("data", (data: Uint8Array) => ready.push(data));
  stream.on("error", (error) => fault ??= error);
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += gzipChunk) {
      stream.write(bufferOf(chunk.subarray(at, at + gzipChunk)));
      yield* ready.splice(0);
      if (fault) throw fault;
    }
  }
  stream.end();
  yield* ready;
  if (fault) throw fault;
}

interface Member {
  path: string;
  chunks: Iterable<Uint8Array>;
  reason?: string;
}

function* membersOf(chunks: Iterable<Uint8Array>): Generator<Member> {
  const iterator = chunks[Symbol.iterator]();
  const queue: (ReadEntry | Uint8Array | "end")[] = [];
  const faults: string[] = [];
  const parser = tarParser({
    onReadEntry(entry) {
      queue.push(entry);
      entry.on("data", (data: Uint8Array) => queue.push(data));
      entry.on("end", () => queue.push("end"));
    },
    onwarn: (_code, message) => faults.push(String(message)),
  });
  // Entries that tar does not consider files, such as devices.
  parser.on("ignoredEntry", (entry: ReadEntry) => queue.push(entry, "end"));
  let isEnd = false;
  let fault: unknown;
  const next = () => {
    while (queue.length === 0 && !isEnd) {
      try {
        const { value, done } = iterator.next();
        if (done) isEnd = true;
        else parser.write(bufferOf(value));
      } catch (thrown) {
        isEnd = true;
        fault = thrown;
      }
      if (isEnd && !fault) parser.end();
    }
    return queue.shift();
  };
  const cutShort = () => {
    throw fault ?? new Error("the tarball ends before its end");
  };
  let inside = false;
  function* rest(): Generator<Uint8Array> {
    while (inside) {
      const data = next();
      if (data instanceof Uint8Array) yield data;
      else {
        inside = false;
        if (data !== "end") cutShort();
      }
    }
  }
  for (let entry = next(); entry; entry = next()) {
    if (typeof entry === "string" || entry instanceof Uint8Array) continue;
    inside = true;
    const path = insidePath(String(entry.path));
    const reason = unread(entry);
    if (!isFolder(entry)) {
      yield { path, chunks: rest(), ...reason === undefined ? {} : { reason } };
    }
    try {
      for (const _ of rest());
    } catch {
      // Reported below.
    }
  }
  if (fault) throw fault;
  if (faults.length) throw new Error(faults[0]);
}

const isFolder = ({ type }: ReadEntry) =>
  type === "Directory" || type === "GNUDumpDir";

/** Why an entry is not read, unless it is a plain file. */
function unread({ type }: ReadEntry): string | undefined {
  if (["File", "OldFile", "ContiguousFile"].includes(type)) return undefined;
  return /Link/.test(type)
    ? "a link, not followed"
    : `not a regular file (${type})`;
}

/** Keeps a path inside: "../../etc/x" and "/etc/x" become "etc/x". */
const insidePath = (path: string): string =>
  posix.normalize(`/${path.replaceAll("\\", "/")}`).slice(1);

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, length);

/**
 * Creates a reader of tarballs. The package reads an environment variable when
 * it is loaded, which would need a permission; an empty environment does not.
 */
function tarParser(
  options: ConstructorParameters<typeof Parser>[0],
): Parser {
  const { env } = process;
  process.env = {};
  try {
    return new tar.Parser(options);
  } finally {
    process.env = env;
  }
}
