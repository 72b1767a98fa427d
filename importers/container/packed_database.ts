import { committedBytes } from "../../sql/mod.ts";
import { joined, writeChunks } from "./chunks.ts";
import {
  maxInMemory,
  openCopy,
  type OpenSource,
  sourceOf,
  temporaryFolder,
} from "./open_source.ts";

/**
 * A database in a container, with the write-ahead log or the journal beside it:
 * in memory if they are small, otherwise in a temporary folder.
 */
export class PackedDatabase implements Disposable {
  readonly #path: string;
  readonly #folder: ReturnType<typeof temporaryFolder>;
  readonly #parts = new Map<string, Uint8Array>();
  #whole: Uint8Array | undefined;

  /**
   * @param bytes of all its files
   * @throws {Error} if there is no room for them
   */
  constructor(path: string, bytes: number) {
    this.#path = path;
    if (bytes > maxOnDisk) throw new Error(tooLarge);
    this.#folder = bytes > maxInMemory ? temporaryFolder() : undefined;
    if (bytes > maxWithoutFolder && !this.#folder) throw new Error(noFolder);
  }

  /** Adds the file whose name ends in `-wal` or `-journal`, or the main one. */
  add(ending: string, chunks: Iterable<Uint8Array>): void {
    if (this.#folder) writeChunks(this.#file(ending), chunks);
    else this.#parts.set(ending, joined([...chunks]));
  }

  /** Opens it, when all of its files are there. */
  async open(): Promise<OpenSource> {
    if (this.#folder) return await openCopy(this.#path, this.#file(""));
    const parts = this.#parts;
    this.#whole ??= committedBytes(parts.get("")!, {
      log: parts.get("-wal"),
      journal: parts.get("-journal"),
    });
    return await sourceOf(this.#path, this.#whole);
  }

  [Symbol.dispose](): void {
    this.#folder?.[Symbol.dispose]();
    this.#parts.clear();
    this.#whole = undefined;
  }

  #file(ending: string): string {
    return `${this.#folder!.path}/database${ending}`;
  }
}

// A few kilobytes may unpack to any size.
const maxWithoutFolder = 2 ** 28;
const maxOnDisk = 2 ** 34;
const noFolder = "databases of more than 256 MiB in a packed file need a " +
  "temporary folder, which cannot be made: set TMPDIR to one that may be " +
  "written to, or unpack the file first";
const tooLarge =
  "databases of more than 16 GiB are not read from a packed file: unpack it first";
