import { Buffer } from "node:buffer";
import { posix } from "node:path";
import { Gunzip } from "minizlib";
import type { ReadEntry } from "tar/read-entry";
import { packingLength, packingOf } from "./packing.ts";
import { peek } from "./pieces.ts";
import { tarParser } from "./tar_parser.ts";

/** A file inside of a packed one. */
export interface PackedFile {
  /** The path of what it is packed in, and the path in there. */
  path: string;
  /** The path that it has when it is unpacked. */
  name: string;
  /** What it holds: to be read before the next file is asked for. */
  pieces: Iterable<Uint8Array>;
  /** Why it cannot be read. */
  reason?: string;
}

/**
 * The files in a tarball, or the one in a gzip file, packed ones in them
 * unpacked as well: read as a stream, so that neither memory grows with them
 * nor anything is written. Where the packed file is damaged it says so behind
 * what could be read.
 *
 * @throws {Error} from the pieces, where what is packed ends before its end.
 */
export function* unpack(
  path: string,
  pieces: Iterable<Uint8Array>,
  name = path,
  depth = 0,
): Generator<PackedFile> {
  const { start, all } = peek(pieces, packingLength);
  const packed = packingOf(start);
  if (packed && depth === deepest) {
    const reason = `packed more than ${deepest} times over: unpack it first`;
    yield { path, name, pieces: [], reason };
  } else if (packed?.packing === "tar") {
    for (const member of membersOf(all)) {
      const inside = `${path}/${member.path}`;
      if (member.reason === undefined) {
        yield* unpack(inside, member.pieces, inside, depth + 1);
      } else yield { ...member, path: inside, name: inside };
    }
  } else if (packed?.packing === "gzip") {
    yield* unpack(path, gunzip(all), name.replace(/\.gz$/i, ""), depth + 1);
  } else if (packed) {
    const reason = `packed with ${packed.name}: unpack it first`;
    yield { path, name, pieces: [], reason };
  } else yield { path, name, pieces: all };
}

// There are files that hold themselves, packed.
const deepest = 16;

// What is unpacked of one piece before a fault in it is lost: small pieces.
const gzipPiece = 4096;
const unpackedPiece = 1 << 18;

function* gunzip(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  // Its types leave out what it hands on to zlib.
  const options: object = { chunkSize: unpackedPiece };
  const stream = new Gunzip(options);
  const ready: Uint8Array[] = [];
  let fault: unknown;
  stream.on("data", (data: Uint8Array) => ready.push(data));
  stream.on("error", (error) => fault ??= error);
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += gzipPiece) {
      stream.write(bufferOf(piece.subarray(at, at + gzipPiece)));
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
  pieces: Iterable<Uint8Array>;
  reason?: string;
}

function* membersOf(pieces: Iterable<Uint8Array>): Generator<Member> {
  const iterator = pieces[Symbol.iterator]();
  const told: (ReadEntry | Uint8Array | "end")[] = [];
  const faults: string[] = [];
  const parser = tarParser({
    onReadEntry(entry) {
      told.push(entry);
      entry.on("data", (data: Uint8Array) => told.push(data));
      entry.on("end", () => told.push("end"));
    },
    onwarn: (_code, message) => faults.push(String(message)),
  });
  // What tar does not know as a file, such as a device.
  parser.on("ignoredEntry", (entry: ReadEntry) => told.push(entry, "end"));
  let isEnd = false;
  let fault: unknown;
  const next = () => {
    while (told.length === 0 && !isEnd) {
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
    return told.shift();
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
      yield { path, pieces: rest(), ...reason === undefined ? {} : { reason } };
    }
    try {
      for (const _ of rest());
    } catch {
      // That it is cut short is said below.
    }
  }
  if (fault) throw fault;
  if (faults.length) throw new Error(faults[0]);
}

const isFolder = ({ type }: ReadEntry) =>
  type === "Directory" || type === "GNUDumpDir";

/** Why what a tarball holds is not read, if it is no file. */
function unread({ type }: ReadEntry): string | undefined {
  if (["File", "OldFile", "ContiguousFile"].includes(type)) return undefined;
  return /Link/.test(type) ? "a link, not followed" : `no plain file (${type})`;
}

/** A path that stays inside: "../../etc/x" and "/etc/x" are "etc/x". */
const insidePath = (path: string): string =>
  posix.normalize(`/${path.replaceAll("\\", "/")}`).slice(1);

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, length);
