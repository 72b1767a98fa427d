import { createHash } from "node:crypto";

/**
 * The hash that stands for a run directory in keys of spans. A key is stored
 * twice, in the row of the span and in the index, so it should be short.
 */
export const directoryKey = (rundir: string): string =>
  createHash("sha256").update(rundir).digest("base64url").slice(0, 11);
