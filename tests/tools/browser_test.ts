import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openPage } from "../../tools/browser.ts";
import { run } from "../../tools/programs.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { inBrowser } from "./needs.ts";

const markup = `<!doctype html><title>a chart</title>
<svg width="40" height="20"><rect width="40" height="20"/></svg>`;

Deno.test(
  "openPage() evaluates expressions and functions in the page",
  inBrowser,
  async () => {
    await using opened = await openPage(`data:text/html,${markup}`);
    assert.equal(await opened.evaluate("document.title"), "a chart");
    assert.deepEqual(
      await opened.evaluate("[...document.querySelectorAll('rect')].length"),
      1,
    );
    assert.equal(await opened.evaluate(() => Promise.resolve(6 * 7)), 42);
    assert.deepEqual(opened.errors, []);
  },
);

Deno.test(
  "openPage() opens a file whose path has spaces, and takes a PNG",
  inBrowser,
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "dnpc # test " });
    const path = join(folder, "a chart.html");
    await Deno.writeTextFile(path, markup);
    await using opened = await openPage(pathToFileURL(path));
    const png = await opened.screenshot(join(folder, "chart.png"));
    assert.deepEqual(
      [...png.slice(1, 4)],
      [..."PNG"].map((c) => c.charCodeAt(0)),
    );
    assert.deepEqual(await Deno.readFile(join(folder, "chart.png")), png);
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test("openPage() collects the errors of the page", inBrowser, async () => {
  await using opened = await openPage(
    `data:text/html,<script>throw new Error("no rows")</script>`,
  );
  assert.deepEqual(opened.errors, ["Error: no rows"]);
});

Deno.test("findBrowser() rejects a CHROMIUM that is not executable, by name", async () => {
  const { stderr } = await run([
    Deno.execPath(),
    "run",
    "--allow-all",
    inCheckout("tools", "test.ts"),
  ], { environment: { CHROMIUM: "/nowhere/chrome" } });
  assert.match(stderr, /^CHROMIUM=\/nowhere\/chrome is not a program\.$/m);
});
