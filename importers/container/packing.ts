import { dirname } from "node:path";
import { statOrNothing } from "../../display/output.ts";

/** The file on disk of a path, or the container that it is in. */
export function fileOnDisk(path: string): string | undefined {
  const found = statOrNothing(path);
  if (found) return found.isFile ? path : undefined;
  const folder = dirname(path);
  return folder === path ? undefined : fileOnDisk(folder);
}

/** First bytes of a file that determine how it is packed. */
export const packingLength = 512;

/** How a file is packed, by its first bytes; undefined if it is not. */
export function packingOf(
  start: Uint8Array,
): { packing?: "gzip" | "tar"; name: string } | undefined {
  return beginnings.find(({ at, bytes }) =>
    bytes.every((byte, i) => start[at + i] === byte)
  );
}

const text = (letters: string) => [...new TextEncoder().encode(letters)];

const beginnings: readonly {
  name: string;
  at: number;
  bytes: readonly number[];
  packing?: "gzip" | "tar";
}[] = [
  { name: "gzip", at: 0, bytes: [0x1f, 0x8b, 8], packing: "gzip" },
  // Written by POSIX and GNU tar, not by tar before 1988.
  { name: "tar", at: 257, bytes: text("ustar"), packing: "tar" },
  { name: "xz", at: 0, bytes: [0xfd, ...text("7zXZ"), 0] },
  { name: "bzip2", at: 0, bytes: text("BZh") },
  { name: "zstd", at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "zip", at: 0, bytes: [...text("PK"), 3, 4] },
];
