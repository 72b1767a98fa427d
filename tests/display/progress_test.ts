import { strict as assert } from "node:assert";
import { showProgress } from "../../display/notebook/progress.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";

/** A program that blocks for this many milliseconds and shows its progress. */
const work = (milliseconds: number) => `
  import { showProgress } from ${
  JSON.stringify(inCheckout("display", "notebook", "progress.ts"))
};
  const progress = showProgress();
  progress.expect(${milliseconds} * 1e6);
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < ${milliseconds}; i += 10) {
    Atomics.wait(never, 0, 0, 10);
    progress.advance(1e7, "runs/\\x1b[31m/parsl.log");
  }
  progress.end();`;

Deno.test("showProgress() shows a long import in a notebook while it runs", async () => {
  const folder = await Deno.makeTempDir();
  const path = await writeNotebook(folder, [`${work(1600)} undefined;`]);
  const { cells: [cell] } = await executeNotebook(path);
  const [output, ...others] = cell!.outputs!;
  // A single output, updated in place, that ends with the total.
  assert.deepEqual(others, []);
  assert.equal(output!.output_type, "display_data");
  assert.deepEqual(output!.data, { "text/plain": "1600 MB read" });
  await Deno.remove(folder, { recursive: true });
});

/** The stderr of a program in a terminal. */
async function onTerminal(program: string): Promise<string> {
  const command = `${Deno.execPath()} eval '${program.replaceAll("'", "")}'`;
  const { stdout } = await new Deno.Command("script", {
    args: ["-qec", command, "/dev/null"],
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("showProgress() shows a long import on a terminal, and erases the line", async () => {
  const shown = (await onTerminal(work(1600))).split("\r\x1b[K");
  assert.equal(shown.at(-1), "");
  const lines = shown.slice(1, -1);
  assert.ok(lines.length > 3, JSON.stringify(shown));
  for (const line of lines) {
    assert.match(line, /^\d+% of 1600 MB, runs\/\ufffd\[31m\/parsl\.log$/);
  }
});

Deno.test("showProgress() shows nothing for a short import", async () => {
  assert.equal(await onTerminal(work(50)), "");
});

Deno.test("showProgress() shows nothing without a terminal", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", work(1200)],
    env: { NO_COLOR: "1" },
  }).output();
  assert.deepEqual([stdout.length, stderr.length], [0, 0]);
  showProgress().end();
});
