import { findOnPath, isProgram } from "./programs.ts";
import { SetUpError } from "./set_up_error.ts";

/**
 * Path of Chromium or Chrome: from the variable CHROMIUM, else from PATH.
 *
 * @throws {SetUpError} if the variable names no program
 */
export function findBrowser(): string | undefined {
  const chosen = Deno.env.get("CHROMIUM");
  if (chosen) {
    if (isProgram(chosen)) return chosen;
    throw new SetUpError(`CHROMIUM=${chosen} is not a program.`);
  }
  const application =
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  return findOnPath(
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
  ) ?? (isProgram(application) ? application : undefined);
}
