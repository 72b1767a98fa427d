import { findOnPath, isProgram } from "./programs.ts";
import { SetUpError } from "./set_up_error.ts";

/**
 * Path of Chromium or Chrome: from the variable CHROMIUM, else from PATH.
 *
 * @throws {SetUpError} if there is none
 */
export function findBrowser(): string {
  const given = Deno.env.get("CHROMIUM");
  if (given) {
    if (isProgram(given)) return given;
    throw new SetUpError(`CHROMIUM=${given} is not a program.`);
  }
  const found = findOnPath(
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
  );
  if (found !== undefined) return found;
  const application =
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  if (isProgram(application)) return application;
  throw new SetUpError(
    "The tests open charts in a browser, and PATH has no chromium and no " +
      "google-chrome. Install one (Debian: apt-get install chromium), or set " +
      "its path: CHROMIUM=/path/to/chrome.",
  );
}
