/** This machine lacks something; the message says what and how to get it. */
export class SetUpError extends Error {
  override name = "SetUpError";
}

/** Runs a task. A SetUpError prints without a stack, which would bury it. */
export async function runTask(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
