/** `git bisect run` gives the first three the same meaning. */
export const exitCodes = {
  success: 0,
  /** A check failed, and nothing else. */
  failedCheck: 1,
  /** Nothing can be judged: wrong usage, wrong SQL, no data. */
  cannotJudge: 125,
  /** A fault of dnpc itself: EX_SOFTWARE of sysexits.h. */
  fault: 70,
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
  (error instanceof TypeError || error instanceof RangeError) &&
    !ofEngine.test(error.message) ||
  error instanceof Error &&
    (error.name === "DatabaseError" || isSystemError(error));

// Starts of V8's messages about bugs, which no message of this library has.
const ofEngine =
  /^(?:Cannot|Invalid|Maximum|Reduce of|The number) |\bis not (?:a function|a constructor|iterable)\b/;

const isSystemError = (error: Error): boolean =>
  /^(?:E[A-Z0-9]+|(?:ERR_)?MODULE_NOT_FOUND)$/.test(
    String((error as { code?: unknown }).code),
  ) ||
  Object.values(Deno.errors).some((kind) => error instanceof kind);
