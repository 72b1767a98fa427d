import { createHash } from "node:crypto";
import { type Database, openDatabase } from "../../sql/mod.ts";
import { fingerprint } from "../fingerprint.ts";
import { openSource } from "./read.ts";

/** A database that is to be read, wherever it lies. */
export interface DatabaseFile {
  path: string;
  bytes: number;
  /** What tells its content again. */
  fingerprint(): string;
  open(): Promise<Database>;
}

/** A database on disk. */
export const databaseOnDisk = (path: string): DatabaseFile => ({
  path,
  bytes: Deno.statSync(path).size,
  fingerprint: () => fingerprint(filesOf(path)),
  open: () => openSource(path),
});

/** What lies beside a database that is still written to. */
export interface BesideDatabase {
  wal?: Uint8Array | undefined;
  journal?: Uint8Array | undefined;
}

/** A database whose bytes are in memory. */
export const databaseInBytes = (
  path: string,
  bytes: Uint8Array,
  { wal }: BesideDatabase = {},
): DatabaseFile => ({
  path,
  bytes: bytes.length,
  fingerprint: () =>
    createHash("sha256").update(bytes).update(wal ?? "").digest("hex"),
  open: () => openDatabase(bytes, { readOnly: true }),
});

// What is not yet in the main file of a database is in its write-ahead log.
function filesOf(path: string): string[] {
  try {
    return Deno.statSync(`${path}-wal`).size ? [path, `${path}-wal`] : [path];
  } catch {
    return [path];
  }
}
