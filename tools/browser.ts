import { type BrowserContext, chromium, type Page } from "playwright-core";
import { findBrowser } from "./find_browser.ts";

/** A headless browser, which closes when it is disposed of. */
export interface Browser extends AsyncDisposable {
  /** Opens a page that shares nothing with the others but the browser. */
  openPage(url: string | URL, options?: OpenPageOptions): Promise<OpenPage>;
}

/** A page, which closes when it is disposed of. */
export interface OpenPage extends AsyncDisposable {
  /** Evaluates an expression or a function; the result passes as JSON. */
  evaluate<T>(script: string | (() => T | Promise<T>)): Promise<T>;
  /** The whole page as PNG; also writes it to `path`. */
  screenshot(path?: string): Promise<Uint8Array>;
  /** Uncaught errors and console.error so far. */
  errors: string[];
  /** The page of Playwright, to hover, click and wait. */
  page: Page;
}

/** Options of {@linkcode openPage}. */
export interface OpenPageOptions {
  /** Pixels, by default 1000. */
  width?: number;
  /** Pixels, by default 800. */
  height?: number;
  /** The preferred color scheme, by default "light". */
  colorScheme?: "light" | "dark";
}

/** Starts a browser, which takes longer than to open a page in it. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findBrowser() });
  return {
    async openPage(
      url,
      { width = 1000, height = 800, colorScheme = "light" } = {},
    ) {
      const context = await browser.newContext({
        offline: true,
        colorScheme,
        viewport: { width, height },
      });
      try {
        return await pageIn(context, url);
      } catch (error) {
        await context.close();
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function pageIn(
  context: BrowserContext,
  url: string | URL,
): Promise<OpenPage> {
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
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/**
 * Opens a page in a browser of its own and waits until it has loaded. The
 * browser is offline, so that the page shows nothing but its file.
 *
 * @param url a file: or data: URL
 */
export async function openPage(
  url: string | URL,
  options?: OpenPageOptions,
): Promise<OpenPage> {
  const browser = await launchBrowser();
  const close = () => browser[Symbol.asyncDispose]();
  try {
    const page = await browser.openPage(url, options);
    return { ...page, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
