import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { report } from "dnpc/report";
import { bind, openDatabase, showRows } from "dnpc/sql";
import { spanTypes, story } from "dnpc/questions";
import { inCheckout } from "../../tools/checkout.ts";
import type { OpenPage } from "../../tools/browser.ts";
import { figures, times } from "./figures.ts";
import { hostile, shown } from "./hostile.ts";
import { foundInPage, onWatched, type Watched } from "./pages.ts";
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

/**
 * A real parsl.log, in the fast suite its first tasks, with `word` in its app,
 * executor and message names. Its messages "to executor" contain the run.
 */
async function changedRun(
  folder: string,
  run: string,
  word: string,
): Promise<void> {
  const path = inCheckout("tests", "fixtures", "tz", "runinfo", "000");
  const lines = (await Deno.readTextFile(`${path}/parsl.log`)).split("\n");
  const log = lines.slice(0, times(300, lines.length)).join("\n");
  const inLog = word.replaceAll("\n", " ");
  await Deno.mkdir(`${folder}/${run}`);
  await Deno.writeTextFile(
    `${folder}/${run}/parsl.log`,
    log.replaceAll("App bottom", `App ${inLog}`)
      .replaceAll("App top", `App top${inLog}`)
      .replaceAll("will be sent to executor", `${inLog} to executor ${run}`)
      .replaceAll("htex", `htex${inLog}`)
      .replaceAll("8b02009a-", `8b02009a-${run}`),
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

// Each name has a database of its own in the whole suite.
const all = Object.values(hostile);
const size = times(7, 1);
const groups = Array.from(
  { length: Math.ceil(all.length / size) },
  (_, i) => all.slice(size * i, size * (i + 1)),
);

Deno.test(
  "hostile names are plain text in tables and reports of a real run",
  inBrowser,
  () =>
    onWatched(async (page) => {
      for (const words of groups) {
        const folder = await Deno.makeTempDir();
        try {
          const runs = words.map((word, i) => [`00${i}`, word] as const);
          for (const [run, word] of runs) await changedRun(folder, run, word);
          await assertText(page, folder, new Map(runs));
        } finally {
          await Deno.remove(folder, { recursive: true });
        }
      }
    }),
);

/** Imports runs and opens their tables and report; `words` are by run. */
async function assertText(
  page: Watched,
  folder: string,
  words: ReadonlyMap<string, string>,
): Promise<void> {
  const claim = JSON.stringify([...words.values()]);
  counted.inputs += words.size;
  using db = await openDatabase();
  const imported = await importRuninfo(db, folder);
  const values = [
    imported,
    bind(db, []),
    db.query(spanTypes()),
    ...[...words].flatMap(([run, word]) => [
      db.query(eventsOfRun, [`${folder}/${run}/parsl.log`]),
      story(db, { task: "0", run }),
      showRows([{ [word]: word, [`b${word}`]: [word], c: { [word]: 1 } }]),
    ]),
  ];
  const html: string[] = [];
  for (const value of values) {
    const { "text/html": page, "text/plain": text } = await bundle(value);
    html.push(page ?? "");
    assert.doesNotMatch(text ?? "", controlCharacters, claim);
  }
  await page.open(`<!doctype html><meta charset=utf-8>${html.join("\n")}`);
  assert.deepEqual(await foundInPage(page), [], claim);
  await page.open(report(db, { title: [...words.values()].join(" ") }));
  await page.page.waitForSelector("html[data-ready]");
  const found = await foundInPage(page);
  // The report's own links are fragments.
  assert.deepEqual(
    found.filter((item) => item !== "<a>" && !/^href="#/.test(item)),
    [],
    claim,
  );
  for (const [run, word] of words) {
    const message = `to executor ${run}`;
    // Lines with a zero byte or a lone surrogate count as malformed.
    const isLine = !word.includes("\0") && word.isWellFormed();
    if (isLine) {
      await page.evaluate(
        `location.hash = 'search=${encodeURIComponent(message)}'`,
      );
      await page.page.locator(".row", { hasText: message }).first()
        .click({ timeout: 10_000 });
    }
    const texts = await textsOf(page);
    for (const text of texts) {
      assert.doesNotMatch(text.replaceAll(/\s/g, ""), controlCharacters);
    }
    const line = `${hidden(word)} ${message}`;
    const all = texts.join(" ").replaceAll("\ufffd", "?");
    assert.ok(!isLine || all.includes(line), `${line} in ${all}`);
    counted.rows += texts.length;
  }
  assert.deepEqual(page.incidents, [], claim);
  counted.survived += words.size;
}

const eventsOfRun = `SELECT event.type, event.attributes
  FROM event JOIN source ON source.id = source_id WHERE path = ? LIMIT 40`;
