import { type Browser, launchBrowser } from "../../tools/browser.ts";

/** Opens pages in one browser for all tests of a file. */
export function sharedBrowser(): Pick<Browser, "openPage"> {
  let browser: Browser;
  Deno.test.beforeAll(async () => {
    browser = await launchBrowser();
  });
  Deno.test.afterAll(async () => {
    await browser[Symbol.asyncDispose]();
  });
  return { openPage: (...args) => browser.openPage(...args) };
}
