/** What was typed is no command: the message says what to type. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What was asked cannot be done with what is there. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/**
 * Errors that say what somebody outside can mend: a file that is not there, SQL
 * that is wrong. Of any other the stack is of interest.
 */
export const isExpected = (error: unknown): error is Error =>
  error instanceof DataError ||
  error instanceof TypeError || error instanceof RangeError ||
  error instanceof Error && (error.name === "DatabaseError" ||
      isOfSystem(error));

/** What the system says of files, disks and permissions. */
const isOfSystem = (error: Error): boolean =>
  /^E[A-Z0-9]+$/.test(String((error as { code?: unknown }).code)) ||
  Object.values(Deno.errors).some((kind) => error instanceof kind);
