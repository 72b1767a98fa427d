/** `git bisect run` gives these codes the same meaning. */
export const exitCodes = {
  success: 0,
  failedCheck: 1,
  usage: 2,
  error: 3,
  cannotTest: 125,
} as const;

/** The command was mistyped. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The data cannot answer the command. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** Whether a user can fix the cause; otherwise the stack matters. */
export const isExpected = (error: unknown): error is Error =>
  error instanceof DataError ||
  error instanceof TypeError || error instanceof RangeError ||
  error instanceof Error &&
    (error.name === "DatabaseError" || isSystemError(error));

const isSystemError = (error: Error): boolean =>
  /^E[A-Z0-9]+$/.test(String((error as { code?: unknown }).code)) ||
  Object.values(Deno.errors).some((kind) => error instanceof kind);
