import { bytesAt } from "./chunks.ts";
import {
  type Content,
  contentOf,
  contentOnDisk,
  type Digest,
  headLength,
} from "./content.ts";
import { fileOnDisk, packingLength, packingOf } from "./packing.ts";

/** Content that an earlier import read: columns of `source`. */
export interface EarlierContent {
  bytes: number;
  head: string | null;
  /** Empty if the source is to be read again. */
  fingerprint: string | null;
}

/** How to compare content with what was read. */
export interface Comparison {
  /** By path, files of this import, which may be in containers or elsewhere. */
  found?: ReadonlyMap<string, { digest?: Digest; at?: string }>;
  /** Whether shorter content that begins alike is an older copy. */
  mayBeOlder?: boolean;
}

/**
 * Whether content begins with everything that was read before. True if it cannot
 * be read.
 */
export function isContinuedBy(
  { bytes, head, fingerprint }: EarlierContent,
  content: Content,
  { mayBeOlder = false }: Comparison = {},
): boolean {
  try {
    if (bytes > headLength && head !== content.head()) return false;
    if (!fingerprint) return true;
    if (content.bytes() < bytes) return bytes > headLength && mayBeOlder;
    // Inside a container, only the hashes of some lengths are known.
    const hash = content.hashOf(bytes);
    return hash === undefined || fingerprint.endsWith(hash);
  } catch {
    return true;
  }
}

/**
 * Whether a file still begins with everything that was read from it. Undefined
 * if it is gone; true if it may not be read.
 */
export function isStillThere(
  source: EarlierContent & { path: string },
  comparison: Comparison = {},
): boolean | undefined {
  const { path } = source;
  const { found = new Map() as NonNullable<Comparison["found"]> } = comparison;
  const { digest, at } = found.get(path) ?? {};
  if (digest) return isContinuedBy(source, contentOf(digest, []), comparison);
  if (at) return isContinuedBy(source, contentOnDisk(at), comparison);
  try {
    const onDisk = fileOnDisk(path);
    if (onDisk === undefined) return undefined;
    if (onDisk !== path) return found.has(onDisk) ? undefined : true;
    return isPacked(path) ||
      isContinuedBy(source, contentOnDisk(path), comparison);
  } catch {
    return true;
  }
}

function isPacked(path: string): boolean {
  using file = Deno.openSync(path);
  return packingOf(bytesAt(file, 0, packingLength)) !== undefined;
}
