/**
 * The command line: the same questions from a shell, a script, or
 * `git bisect run`. `deno task dnpc --help` says what there is.
 *
 * @module
 */

if (import.meta.main) await run();

async function run(): Promise<void> {
  try {
    const { exit, main, reportFault } = await import("./cli/main.ts");
    addEventListener("unhandledrejection", ({ reason }) => {
      Deno.exit(reportFault(reason));
    });
    exit(await main(Deno.args));
  } catch (error) {
    // Deno would end with 1, as if a check had failed.
    console.error(`dnpc: its packages cannot be loaded: ${error}`);
    Deno.exit(125);
  }
}
