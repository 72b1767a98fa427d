import assert from "node:assert/strict";
import { join } from "node:path";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook, notebookToHtml } from "../../tools/notebook.ts";
import { writeNotebook } from "./notebooks.ts";

const show = `const show = (bundle: Record<string, string>) => ({
  [Symbol.for("Jupyter.display")]: () => bundle,
});
undefined;`;

Deno.test("executeNotebook() returns the outputs and does not change the file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "dnpc [test] " });
  const path = await writeNotebook(folder, [
    show,
    `show({ "image/svg+xml": "<svg>\\n</svg>", "text/plain": Deno.cwd() })`,
  ]);
  const before = await Deno.readTextFile(path);
  const { cells } = await executeNotebook(path);
  assert.deepEqual(cells[1]?.outputs?.[0]?.data, {
    "image/svg+xml": "<svg>\n</svg>",
    "text/plain": await Deno.realPath(folder),
  });
  assert.equal(await Deno.readTextFile(path), before);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("executeNotebook() finds the checkout's import map from a folder below it", async () => {
  const folder = await Deno.makeTempDir({ dir: inCheckout("tests", "tools") });
  try {
    const path = await writeNotebook(folder, [
      show,
      `import { twoEvents } from "dnpc/plots";
show({ "text/plain": typeof twoEvents })`,
    ]);
    const { cells } = await executeNotebook(path);
    assert.equal(cells[1]?.outputs?.[0]?.data?.["text/plain"], "function");
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

Deno.test("executeNotebook() receives every result, including large ones", async () => {
  const folder = await Deno.makeTempDir();
  const large = `show({ "text/plain": "x".repeat(300_000) })`;
  const path = await writeNotebook(folder, [
    show,
    ...new Array(20).fill(large),
  ]);
  const { cells } = await executeNotebook(path);
  assert.deepEqual(
    cells.map(({ outputs }) => outputs?.length),
    [0, ...new Array(20).fill(1)],
  );
  await Deno.remove(folder, { recursive: true });
});
