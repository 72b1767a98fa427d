// It takes as long to load as a fifth of all of this library.
import defer * as crypto from "node:crypto";

/** A SHA-256 of nothing yet. */
export const sha256 = (): crypto.Hash => crypto.createHash("sha256");
