import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { report } from "dnpc/report";
import { bind, openDatabase, showRows } from "dnpc/sql";
import { spanTypes, story } from "dnpc/questions";
import { inCheckout } from "../../tools/checkout.ts";
import type { OpenPage } from "../../tools/browser.ts";
import { figures } from "./figures.ts";
import { hostile, shown } from "./hostile.ts";
import { foundInPage, onWatched } from "./pages.ts";
import { inBrowser } from "../tools/needs.ts";

const counted = figures("tables and report pages, with hostile names");

const controlCharacters =
  // deno-lint-ignore no-control-regex
  /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** The MIME bundle that a notebook gets for a value. */
function bundle(value: object): Promise<Record<string, string>> {
  const display = Symbol.for("Jupyter.display") as unknown as keyof object;
  return (value[display] as unknown as () => never)();
}

/** A real parsl.log with `word` in its app, executor and message names. */
async function changedRun(folder: string, word: string): Promise<void> {
  const path = inCheckout("tests", "fixtures", "tz", "runinfo", "000");
  const log = await Deno.readTextFile(`${path}/parsl.log`);
  const inLog = word.replaceAll("\n", " ");
  await Deno.mkdir(`${folder}/000`);
  await Deno.writeTextFile(
    `${folder}/000/parsl.log`,
    log.replaceAll("App bottom", `App ${inLog}`)
      .replaceAll("App top", `App top${inLog}`)
      .replaceAll("will be sent to executor", `${inLog} to executor`)
      .replaceAll("htex", `htex${inLog}`),
  );
}

/** All texts and titles of a page. */
const textsOf = ({ evaluate }: OpenPage) =>
  evaluate<string[]>(() => {
    // deno-lint-ignore no-explicit-any
    const { document, NodeFilter } = globalThis as any;
    const found: string[] = [];
    const walker = document.createTreeWalker(
      document.body,
      NodeFilter.SHOW_TEXT,
    );
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { localName } = node.parentElement;
      if (!["script", "style"].includes(localName)) found.push(node.data);
    }
    for (const element of document.querySelectorAll("[title]")) {
      found.push(element.title);
    }
    return found;
  });

/** A word as a page displays it, with replacement characters as "?". */
const hidden = (word: string) =>
  shown(word).replaceAll("\ufffd", "?").replaceAll("\x1b", "?");

Deno.test(
  "hostile names are plain text in tables and reports of a real run",
  inBrowser,
  () =>
    onWatched(async (page) => {
      for (const [claim, word] of Object.entries(hostile)) {
        const folder = await Deno.makeTempDir();
        counted.inputs++;
        try {
          await changedRun(folder, word);
          using db = await openDatabase();
          const imported = await importRuninfo(db, folder);
          const values = [
            imported,
            bind(db, []),
            db.query(spanTypes()),
            db.query("SELECT type, attributes FROM event LIMIT 40"),
            story(db, { task: "0" }),
            showRows([{
              [word]: word,
              [`b${word}`]: [word],
              c: { [word]: 1 },
            }]),
          ];
          const html: string[] = [];
          for (const value of values) {
            const { "text/html": page, "text/plain": text } = await bundle(
              value,
            );
            html.push(page ?? "");
            assert.doesNotMatch(text ?? "", controlCharacters, claim);
          }
          await page.open(
            `<!doctype html><meta charset=utf-8>${html.join("\n")}`,
          );
          assert.deepEqual(await foundInPage(page), [], claim);
          await page.open(report(db, { title: word }));
          await page.page.waitForSelector("html[data-ready]");
          const found = await foundInPage(page);
          // The report's own links are fragments.
          assert.deepEqual(
            found.filter((item) => item !== "<a>" && !/^href="#/.test(item)),
            [],
            claim,
          );
          // Lines with a zero byte or a lone surrogate count as malformed.
          const isLine = !word.includes("\0") && word.isWellFormed();
          if (isLine) {
            await page.evaluate("location.hash = 'search=to%20executor'");
            await page.page.locator(".row", { hasText: "to executor" }).first()
              .click({ timeout: 10_000 });
          }
          const texts = await textsOf(page);
          for (const text of texts) {
            assert.doesNotMatch(text.replaceAll(/\s/g, ""), controlCharacters);
          }
          const line = `${hidden(word)} to executor`;
          const all = texts.join(" ").replaceAll("\ufffd", "?");
          assert.ok(!isLine || all.includes(line), `${line} in ${all}`);
          assert.deepEqual(page.incidents, [], claim);
          counted.survived++;
          counted.rows += texts.length;
        } finally {
          await Deno.remove(folder, { recursive: true });
        }
      }
    }),
);
