import { inCheckout } from "../../tools/checkout.ts";
import { strict as assert } from "node:assert";

Deno.test("openDatabase() releases its memory after close()", async () => {
  // node:sqlite keeps references to registered functions.
  const program = `
    import { openDatabase } from "dnpc/sql";
    const open = async (times) => {
      for (let i = 0; i < times; i++) {
        using db = await openDatabase(undefined, { engine: "native" });
        db.query("SELECT median(1), sqrt(4)");
      }
      for (let i = 0; i < 3; i++) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return Deno.memoryUsage().heapUsed;
    };
    await open(50);
    const before = await open(50);
    console.log((await open(200) - before) / 200);`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--expose-gc", "--ext=ts", program],
    cwd: inCheckout(),
  }).output();
  const bytes = Number(new TextDecoder().decode(stdout));
  assert.ok(bytes < 3000, `${bytes} ${new TextDecoder().decode(stderr)}`);
});
