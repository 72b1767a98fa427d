import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inCheckout } from "../../tools/checkout.ts";
import {
  executeNotebook,
  type Notebook,
  notebookToHtml,
} from "../../tools/notebook.ts";
import { assertKept } from "./kept.ts";
import { inBrowser } from "../tools/needs.ts";
import { sharedBrowser } from "../tools/shared_browser.ts";

const browser = sharedBrowser();

const path = inCheckout("notebooks", "getting_started.ipynb");

/** The last output of each code cell, by MIME type. */
const results = ({ cells }: Notebook) =>
  cells.filter(({ cell_type }) => cell_type === "code").map(({ outputs }) =>
    outputs?.find(({ output_type }) => output_type === "execute_result")
      ?.data ?? {}
  );

const charts = [
  "How long did spans take, from invoked to returned?",
  "From invoked to returned, tasks of the app sleeper",
  "How long did spans wait for a worker, from launched to running?",
  "Tasks in each state",
  "Tasks not done yet",
  "From invoked to returned, by app",
  "How long did spans take, from launched to received?",
  "Where every task was",
];

Deno.test("getting_started.ipynb shows tables and charts in a real kernel", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const notebook = await executeNotebook(path, { outputFolder: folder });
    await assertKept("getting_started", notebook.cells);
    const shown = results(notebook);
    assert.match(String(shown[0]?.["text/html"]), /monitoring\.db/);
    assert.match(String(shown[1]?.["text/plain"]), /17 rows/);
    const [, htex] = shown.filter((data) =>
      /read, nothing broken/.test(String(data["text/plain"]))
    );
    assert.match(String(htex?.["text/plain"]), /UTC-05:00, as parsl.log shows/);

    const drawn = shown.filter((data) => "image/svg+xml" in data);
    assert.equal(drawn.length, charts.length);
    drawn.forEach((data, i) => {
      assert.deepEqual(Object.keys(data).sort(), [
        "image/png",
        "image/svg+xml",
        "text/html",
        "text/plain",
      ]);
      const [title] = String(data["text/plain"]).split("\n");
      assert.equal(title, charts[i]);
    });
    // Computed with Python's statistics from the same rows.
    assert.match(
      String(drawn[0]?.["text/plain"]),
      /104 spans: mean 37\.97 s, median 44\.19 s, 95% within 72\.79 s/,
    );

    await t.step({
      name: "as a page in a browser",
      ...inBrowser,
      fn: async () => {
        const html = await notebookToHtml(
          join(folder, "getting_started.ipynb"),
        );
        await using page = await browser.openPage(pathToFileURL(html));
        const sizes = await page.evaluate<[number, number][]>(`
      [...document.querySelectorAll(".dnpc-chart > svg")].map((svg) =>
        [svg.viewBox.baseVal.width, svg.getBoundingClientRect().width])`);
        assert.equal(sizes.length, charts.length);
        for (const [drawn, shown] of sizes) {
          assert.ok(drawn > 500 && shown > 500, `${drawn}, ${shown}`);
        }
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
