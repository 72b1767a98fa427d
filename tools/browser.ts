import { chromium, type Page } from "playwright-core";
import { findBrowser } from "./find_browser.ts";

/** A page that is open in a browser of its own, until it is disposed of. */
export interface OpenPage extends AsyncDisposable {
  /** The value of an expression or of a function, as JSON carries it. */
  evaluate<T>(script: string | (() => T | Promise<T>)): Promise<T>;
  /** A picture of the page as PNG, also written to `path` if that is given. */
  screenshot(path?: string): Promise<Uint8Array>;
  /** What went wrong in the page so far: uncaught errors and console.error. */
  errors: string[];
  /** Playwright's page, for whatever else: hovering, clicking, waiting. */
  page: Page;
}

/** How a page is opened. */
export interface OpenPageOptions {
  /** In pixels: 1000 by default. */
  width?: number;
  /** In pixels: 800 by default. */
  height?: number;
  /** Which colours the page is told that its reader prefers: "light". */
  colorScheme?: "light" | "dark";
}

/**
 * Opens a page in a headless browser and waits until it has loaded. It sees no
 * network, so that what it shows is what the file holds.
 *
 * @param url of a file, say `pathToFileURL(path).href`, or a data: URL
 */
export async function openPage(
  url: string | URL,
  { width = 1000, height = 800, colorScheme = "light" }: OpenPageOptions = {},
): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath: findBrowser() });
  try {
    const context = await browser.newContext({
      offline: true,
      colorScheme,
      viewport: { width, height },
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(String(url));
    return {
      evaluate: <T>(script: string | (() => T | Promise<T>)) =>
        page.evaluate(script) as Promise<T>,
      screenshot: async (path) =>
        new Uint8Array(await page.screenshot({ path, fullPage: true })),
      errors,
      page,
      [Symbol.asyncDispose]: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
