import { committedBytes } from "../../sql/mod.ts";
import type { FoundFile } from "../discover/find_files.ts";
import { type OpenDatabase, sourceOf } from "./open_source.ts";
import { joined } from "./chunks.ts";

/** The databases in a container and their journals, in memory. */
export class DatabasesInside {
  #members: readonly FoundFile[];
  #bytes = new Map<string, Uint8Array>();

  constructor(members: readonly FoundFile[]) {
    this.#members = members;
  }

  add({ path }: FoundFile, chunks: Iterable<Uint8Array>): void {
    try {
      this.#bytes.set(path, joined([...chunks]));
    } catch {
      // The container changed after it was recognized; the next import reads it.
    }
  }

  *all(): Generator<{ member: FoundFile; database: OpenDatabase }> {
    for (const member of this.#members) {
      const { path, isSqlite, digest } = member;
      const main = this.#bytes.get(path);
      if (!isSqlite || !main || !digest) continue;
      const beside = (end: string) => this.#bytes.get(path + end);
      const database = () =>
        sourceOf(
          path,
          committedBytes(main, {
            log: beside("-wal"),
            journal: beside("-journal"),
          }),
        );
      yield { member, database };
    }
  }
}
