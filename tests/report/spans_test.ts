import { inCheckout } from "../../tools/checkout.ts";
import { strict as assert } from "node:assert";

Deno.test("readSpans() takes less than 100 bytes a span", async () => {
  const program = `
    import process from "node:process";
    import { createSchema, insertRows, openDatabase } from "dnpc/sql";
    import { readSpans } from "./report/spans.ts";
    const heapWith = async (length) => {
      using db = await openDatabase(undefined, { engine: "native" });
      createSchema(db);
      const rows = Array.from({ length }, (_, i) => [
        "parsl.rundir.try",
        String(i),
        JSON.stringify({
          rundir: "/home/somebody/runinfo/000",
          run: "4a7b2c1e-0000-4000-8000-123456789abc",
          task: String(i),
          executor: "htex_Local",
          block: "0",
          app: "app" + i % 8,
          outcome: "exec_done",
        }),
      ]);
      insertRows(db, "span", ["type", "key", "attributes"], rows);
      rows.length = 0;
      const spans = readSpans(db);
      gc();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return spans.length === length ? heapUsed + arrayBuffers : NaN;
    };
    const few = await heapWith(10_000);
    console.log((await heapWith(40_000) - few) / 30_000);`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--expose-gc", "--ext=ts", program],
    cwd: inCheckout(),
  }).output();
  const bytes = parseFloat(new TextDecoder().decode(stdout));
  assert.ok(bytes < 100, `${bytes} ${new TextDecoder().decode(stderr)}`);
});
