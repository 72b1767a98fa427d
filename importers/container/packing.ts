/** How many bytes of a file tell how it is packed. */
export const packingLength = 512;

/** How a file is packed, by how it begins. */
export type Packing = "gzip" | "tar" | "unknown";

/** A file that is packed, and by what; undefined if it is not. */
export function packingOf(
  start: Uint8Array,
): { packing: Packing; name: string } | undefined {
  const found = beginnings.find(({ at, bytes }) =>
    bytes.every((byte, i) => start[at + i] === byte)
  );
  return found && { packing: found.packing ?? "unknown", name: found.name };
}

const text = (letters: string) => [...new TextEncoder().encode(letters)];

const beginnings: readonly {
  name: string;
  at: number;
  bytes: readonly number[];
  packing?: Packing;
}[] = [
  { name: "gzip", at: 0, bytes: [0x1f, 0x8b, 8], packing: "gzip" },
  // POSIX and GNU write so; tar before 1988 did not.
  { name: "tar", at: 257, bytes: text("ustar"), packing: "tar" },
  { name: "xz", at: 0, bytes: [0xfd, ...text("7zXZ"), 0] },
  { name: "bzip2", at: 0, bytes: text("BZh") },
  { name: "zstd", at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "zip", at: 0, bytes: [...text("PK"), 3, 4] },
];
