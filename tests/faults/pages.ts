import { strict as assert } from "node:assert";
import { pathToFileURL } from "node:url";
import type { OpenPage } from "../../tools/browser.ts";
import { sharedBrowser } from "../tools/shared_browser.ts";

const browser = sharedBrowser();

/** A page with a record of everything that it does by itself. */
export interface Watched extends OpenPage {
  /** Loads HTML into the page and waits until it has loaded. */
  open(html: string): Promise<void>;
  /** Dialogs, popups, requests and uncaught errors. */
  incidents: string[];
}

/** Runs `work`; pages must not run code, send requests or open windows. */
export async function onWatched(
  work: (page: Watched) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/page.html`;
    await using opened = await browser.openPage("about:blank", { width: 1400 });
    const { page } = opened;
    const incidents: string[] = [];
    page.on("dialog", (dialog) => {
      incidents.push(`a dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on("popup", () => incidents.push("a window"));
    page.on("pageerror", (error) => incidents.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      const isOwn = url === pathToFileURL(path).href ||
        url.startsWith("data:image/svg+xml;base64,");
      if (!isOwn) incidents.push(`a request: ${url}`);
    });
    await work({
      ...opened,
      incidents,
      async open(html) {
        await Deno.writeTextFile(path, html);
        await page.goto(pathToFileURL(path).href);
      },
    });
    assert.deepEqual(incidents, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Active content in the open page; hostile names would set the global `ran`. */
export const foundInPage = (
  { evaluate }: OpenPage,
): Promise<string[]> =>
  evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const global = globalThis as any;
    const found: string[] = [];
    if (global.ran !== undefined) found.push(`ran: ${global.ran}`);
    // A browser does nothing with these, nor with data-* attributes.
    const own = new Set(["title", "alt", "aria-label"]);
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
          !own.has(name) && !name.startsWith("data-") &&
            /evil|ran=|javascript:/.test(value)
        ) found.push(`${name}="${value}"`);
      }
    }
    return found;
  });
