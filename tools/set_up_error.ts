/** Something this machine lacks. The message says what, and how to get it. */
export class SetUpError extends Error {
  override name = "SetUpError";
}

/**
 * Runs what a task does. Where the machine lacks something, it prints the
 * message alone: a stack would bury the line that helps.
 */
export async function runTask(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
