import { fileURLToPath } from "node:url";
import { strict as assert } from "node:assert";
import { inCheckout } from "../../tools/checkout.ts";
import { permissionsOf } from "../../tools/permissions.ts";
import { figures, isWhole } from "./figures.ts";

const counted = figures("imports and charts in one process");
const [imports, charts] = isWhole ? [200, 1000] : [10, 100];

Deno.test(`${imports} imports and ${charts} charts in one process keep memory within bounds`, async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...permissionsOf("dnpc"),
      "--v8-flags=--expose-gc",
      fileURLToPath(new URL("soak.ts", import.meta.url)),
      inCheckout("tests", "fixtures", "tz", "runinfo"),
      ...[imports, charts].map(String),
    ],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const text = new TextDecoder().decode(stdout);
  const found = JSON.parse(text) as Record<
    string,
    Record<"from" | "to", { heap: number; resident: number }>
  >;
  counted.inputs += imports! + charts!;
  for (const [what, { from, to }] of Object.entries(found)) {
    // Neither charts nor imports may leak. Recompilation by V8 makes the heap
    // grow and shrink a little.
    assert.ok(to.heap - from.heap < 2, `${what}, heap: ${text}`);
    assert.ok(to.resident - from.resident < 40, `${what}, resident: ${text}`);
  }
  counted.survived += imports! + charts!;
});
