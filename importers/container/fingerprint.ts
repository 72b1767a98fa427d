import { sha256 } from "./sha256.ts";

/**
 * What tells the content of files again, wherever they lie: a hash over all of
 * them, in hexadecimal.
 */
export function fingerprint(paths: readonly string[]): string {
  const hash = sha256();
  const buffer = new Uint8Array(1 << 20);
  for (const path of paths) {
    using file = Deno.openSync(path);
    for (;;) {
      const length = file.readSync(buffer);
      if (length === null) break;
      hash.update(buffer.subarray(0, length));
    }
  }
  return hash.digest("hex");
}

/** The same of the content itself. */
export const fingerprintOf = (bytes: Uint8Array): string =>
  sha256().update(bytes).digest("hex");
