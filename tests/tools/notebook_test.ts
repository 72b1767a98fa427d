import assert from "node:assert/strict";
import { join } from "node:path";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook, notebookToHtml } from "../../tools/notebook.ts";
import { writeNotebook } from "./notebooks.ts";

const show = `const show = (bundle: Record<string, string>) => ({
  [Symbol.for("Jupyter.display")]: () => bundle,
});
undefined;`;

// Below the checkout, in a folder whose name looks like a pattern.
const prefix = "dnpc [test] ";
const large = `show({ "text/plain": "x".repeat(300_000) })`;

Deno.test("executeNotebook() returns every output, finds the checkout's import map, and does not change the file", async () => {
  const dir = inCheckout("tests", "tools");
  const folder = await Deno.makeTempDir({ dir, prefix });
  try {
    const path = await writeNotebook(folder, [
      show,
      `show({ "image/svg+xml": "<svg>\\n</svg>", "text/plain": Deno.cwd() })`,
      `import { twoEvents } from "dnpc/plots";
show({ "text/plain": typeof twoEvents })`,
      ...new Array(20).fill(large),
    ]);
    const before = await Deno.readTextFile(path);
    const { cells } = await executeNotebook(path);
    assert.equal(await Deno.readTextFile(path), before);
    const [, drawn, imported, ...others] = cells
      .map(({ outputs }) => outputs?.map(({ data }) => data));
    assert.deepEqual(drawn, [{
      "image/svg+xml": "<svg>\n</svg>",
      "text/plain": await Deno.realPath(folder),
    }]);
    assert.deepEqual(imported, [{ "text/plain": "function" }]);
    assert.deepEqual(
      others.map((outputs) => outputs?.length),
      new Array(20).fill(1),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("executeNotebook() shows the cell that failed and its error", async () => {
  const folder = await Deno.makeTempDir();
  const path = await writeNotebook(folder, [
    "const spans = 3;",
    `throw new RangeError("no span " + spans)`,
  ]);
  await assert.rejects(executeNotebook(path), (error: Error) => {
    assert.match(error.message, /throw new RangeError\("no span " \+ spans\)/);
    assert.match(error.message, /RangeError: no span 3/);
    assert.doesNotMatch(error.message, /traitlets/);
    return true;
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("executeNotebook() names the cell that took too long", async () => {
  const folder = await Deno.makeTempDir();
  const path = await writeNotebook(folder, ["while (true) {}"]);
  await assert.rejects(
    executeNotebook(path, { cellTimeout: 1 }),
    /timed out[^]*while \(true\)/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the kernel survives an interrupt with its state", async () => {
  const folder = await Deno.makeTempDir();
  const path = await writeNotebook(folder, [
    show,
    "const held = 41;",
    "while (true) {}",
    `show({ "text/plain": String(held + 1) })`,
  ]);
  const { cells } = await executeNotebook(path, {
    cellTimeout: 2,
    interrupt: true,
    allowErrors: true,
  });
  assert.equal(cells[3]?.outputs?.[0]?.data?.["text/plain"], "42");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("notebookToHtml() writes a page next to the notebook", async () => {
  const folder = await Deno.makeTempDir();
  const path = await writeNotebook(folder, [`const drawn = "<svg>";`]);
  const page = await notebookToHtml(path);
  assert.equal(page, join(folder, "notebook.html"));
  assert.match(await Deno.readTextFile(page), /drawn/);
  await Deno.remove(folder, { recursive: true });
});
