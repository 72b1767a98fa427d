import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { readNotebook } from "../../tools/notebook.ts";
import { onPage, pages } from "../../tools/notebook_page.ts";
import { snapshots } from "../plots/snapshots.ts";
import { assertShown, showNotebook } from "./shown.ts";

const notebook = await readNotebook(inCheckout("notebooks", "gallery.ipynb"));

Deno.test("gallery.ipynb draws two runs whose managers were killed", async () => {
  const shown = await showNotebook("gallery");
  assert.equal(shown.titles.length, 36);
  // Computed in Python from the "changing state from" lines of the two parsl.log,
  // last launch to exec_done: 107 tries, mean 4.092 s; 138 tries, mean 5.641 s.
  // SELECT run_id, count(*) FROM task of monitoring.db: 119, 155.
  assertShown(shown, /^138 spans: mean 5\.641 s/m);
  assertShown(shown, /107 spans, .*138 spans/m);
  assertShown(shown, /^119 tasks in 19\.26 s; share of the time: in the/m);
  assertShown(shown, /^119 tasks: 107 exec_done, 7 memo_done, 3 failed/m);
  // grep -c "Received executor task" in the workers' logs.
  assertShown(shown, /^282 executor tasks: 000 at most 8 at once/m);
  assertShown(shown, /^121 attempts on 8 workers in /m);
  // grep "Scaling out by" and "Scale in called" in both parsl.log.
  assertShown(shown, /Parsl scaled out once, by 2 blocks, and in once, by 2/);
  // In Python, from the lines "changing state" of both parsl.log.
  assertShown(
    shown,
    /^001 took 25 s.* is 10\.8 s, 2\.57 s more than in 000:/m,
  );
  // From the first line of each worker to the last of its manager, in Python.
  assertShown(shown, /^8 workers, busy 45% of the 78\.86 s/m);
});

Deno.test("gallery.ipynb uses every chart helper", () => {
  const code = notebook.cells.map(({ source }) => source).join("\n");
  for (const name of Object.keys(snapshots)) {
    const helper = name.split(" ")[0]!;
    assert.match(code, new RegExp(`\\b${helper}\\(`));
  }
});

for (const name of pages) {
  Deno.test(`docs/${name}.md has the code and pictures of its notebook`, async () => {
    const { cells } = await readNotebook(
      inCheckout("notebooks", `${name}.ipynb`),
    );
    const page = await Deno.readTextFile(inCheckout("docs", `${name}.md`));
    const snippets = [...page.matchAll(/^```ts ignore\n([\s\S]*?)\n```$/gm)];
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    assert.deepEqual(
      snippets.map(([, snippet]) => snippet),
      code.map(({ source }) => source),
    );
    for (const { cell_type, source, outputs = [] } of cells) {
      assert.ok(
        page.includes(onPage(source)),
        `${cell_type} cell is on the page`,
      );
      for (const { data = {} } of outputs) {
        if (!("image/png" in data)) continue;
        const title = String(data["text/plain"]).split("\n")[0]!;
        const pictures = name === "gallery"
          ? ["light", "dark"].map((scheme) => `alt="${title}, ${scheme}"`)
          : [`![${title}](${name}/`];
        for (const picture of pictures) {
          assert.ok(page.includes(picture), picture);
        }
      }
    }
  });
}
