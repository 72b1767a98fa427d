import { createHash } from "node:crypto";

/**
 * A run directory in keys of spans: a hash, because each span of a run has it
 * twice, in its row and in the index.
 */
export const directoryKey = (rundir: string): string =>
  createHash("sha256").update(rundir).digest("base64url").slice(0, 11);
