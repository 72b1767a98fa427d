import { strict as assert } from "node:assert";
import { pathToFileURL } from "node:url";
import type { OpenPage } from "../../tools/browser.ts";
import { sharedBrowser } from "../tools/shared_browser.ts";

const browser = sharedBrowser();

/** What a page did that was not asked of it. */
export interface Watched extends OpenPage {
  /** Opens a page in place of the one that is open, and waits for it. */
  open(html: string): Promise<void>;
  /** Dialogs, windows, requests, and errors but those of the policy. */
  done: string[];
}

/** Works with pages of which nothing may run, ask a server or open a window. */
export async function onWatched(
  work: (page: Watched) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/page.html`;
    await using opened = await browser.openPage("about:blank", { width: 1400 });
    const { page } = opened;
    const done: string[] = [];
    page.on("dialog", (dialog) => {
      done.push(`a dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on("popup", () => done.push("a window"));
    page.on("pageerror", (error) => done.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      const isOwn = url === pathToFileURL(path).href ||
        url.startsWith("data:image/svg+xml;base64,");
      if (!isOwn) done.push(`a request: ${url}`);
    });
    await work({
      ...opened,
      done,
      async open(html) {
        await Deno.writeTextFile(path, html);
        await page.goto(pathToFileURL(path).href);
      },
    });
    assert.deepEqual(done, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What in the open page is more than text; `ran` is what the names set. */
export const foundInPage = (
  { evaluate }: OpenPage,
): Promise<string[]> =>
  evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const global = globalThis as any;
    const found: string[] = [];
    if (global.ran !== undefined) found.push(`ran: ${global.ran}`);
    const own = new Set(["data-tips", "title", "alt", "aria-label"]);
    own.add("aria-description").add("value");
    for (const element of global.document.querySelectorAll("*")) {
      const name = element.localName;
      if (/^(iframe|object|embed|link|base|a|foreignobject|use)$/i.test(name)) {
        found.push(`<${name}>`);
      }
      if (name === "img" && !element.src.startsWith("data:image/svg+xml;")) {
        found.push(`an image of ${element.src}`);
      }
      for (const { name, value } of element.attributes) {
        if (
          /^on/.test(name) ||
          !own.has(name) && /evil|ran=|javascript:/.test(value)
        ) found.push(`${name}="${value}"`);
      }
    }
    return found;
  });
