import { type Browser, launchBrowser } from "../../tools/browser.ts";
import { inBrowser } from "./needs.ts";

let shared: Pick<Browser, "openPage"> | undefined;

/** Opens pages in one browser for all tests. */
export function sharedBrowser(): Pick<Browser, "openPage"> {
  if (shared) return shared;
  let browser: Browser | undefined;
  Deno.test.beforeAll(async () => {
    if (!inBrowser.ignore) browser = await launchBrowser();
  });
  Deno.test.afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
  });
  return shared = { openPage: (...args) => browser!.openPage(...args) };
}
