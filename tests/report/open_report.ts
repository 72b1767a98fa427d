import { report, type ReportOptions } from "dnpc/report";
import { type Database, openDatabase } from "dnpc/sql";
import { pathToFileURL } from "node:url";
import type { OpenPage } from "../../tools/browser.ts";
import { importOnce } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { sharedBrowser } from "../tools/shared_browser.ts";

const browser = sharedBrowser();

/** Reports that an earlier test has made. */
const pages = new Map<string, string>();

/** Opens a report of a run directory in a browser, and waits until it is ready. */
export const onReport = (
  path: string,
  work: (page: OpenPage, db: Database) => Promise<void>,
  { colorScheme, ...options }: ReportOptions & {
    colorScheme?: "light" | "dark";
  } = {},
): Promise<void> =>
  inFolder(async (folder) => {
    await importOnce({ path }, `${folder}/runs.sqlite3`);
    using db = await openDatabase(`${folder}/runs.sqlite3`);
    const file = `${folder}/report.html`;
    const html = pages.getOrInsertComputed(
      JSON.stringify([path, options]),
      () => report(db, options),
    );
    await Deno.writeTextFile(file, html);
    await using page = await browser.openPage(pathToFileURL(file), {
      width: 1400,
      colorScheme: colorScheme ?? "light",
    });
    await page.page.waitForSelector("html[data-ready]");
    await work(page, db);
  });

/** The number of events and lines that the page displays. */
export async function countShown({ page }: OpenPage): Promise<number> {
  const text = await page.textContent("#shown");
  return Number(/^[\d,]+/.exec(text ?? "")?.[0].replaceAll(",", ""));
}

/** Clicks an element, and waits until its target is shown. */
export async function click(
  { page }: OpenPage,
  selector: string,
): Promise<void> {
  await page.locator(selector).first().click();
  await untilShown(page);
}

/** Opens everything that is folded. */
export async function unfold({ page }: Pick<OpenPage, "page">): Promise<void> {
  for (
    const summary of await page.locator(
      "#more > details:not([hidden]) > summary",
    ).all()
  ) {
    await summary.click();
  }
}

export async function untilShown(page: OpenPage["page"]): Promise<void> {
  await page.waitForFunction(() => {
    // deno-lint-ignore no-explicit-any
    const { document, location } = globalThis as any;
    return document.documentElement.dataset.shown === location.hash;
  });
}

/**
 * Number of events and lines about spans that satisfy a condition. A line about
 * several spans counts once.
 */
export function countEvents(db: Database, condition: string): number {
  const [row] = db.query<{ n: number }>(`SELECT count(*) AS n FROM (
    SELECT DISTINCT event.source_id, event.type, offset, iif(offset IS NULL, event.id, 0)
    FROM event JOIN span ON span.id = span_id WHERE ${condition})`);
  return row!.n;
}

/** Waits until the page's count contains a text such as "30 of ". */
export async function untilSays(
  { page }: OpenPage,
  text: string,
): Promise<void> {
  const start = /^\d/.test(text) ? "^" : "";
  await page.locator("#shown", { hasText: new RegExp(start + text) }).waitFor();
}
