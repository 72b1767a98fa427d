/**
 * Reads a part of a file, whatever was read before: fewer bytes than asked for
 * only where the file ends.
 */
export function bytesAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Uint8Array {
  const buffer = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
