import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { kernelSpec, writeKernelSpec } from "../../tools/kernel_spec.ts";

Deno.test("kernelSpec() asks for interrupts by message, which the kernel survives", () => {
  assert.deepEqual(kernelSpec("/opt/my deno/deno"), {
    argv: [
      "/opt/my deno/deno",
      "run",
      "--quiet",
      "--no-config",
      "--allow-all",
      inCheckout("tools", "kernel.ts"),
      "{connection_file}",
    ],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: "message",
  });
});

Deno.test("writeKernelSpec() writes the path of this Deno, under the name deno", async () => {
  const path = await writeKernelSpec();
  assert.match(path, /[/\\]kernels[/\\]deno[/\\]kernel\.json$/);
  assert.deepEqual(
    JSON.parse(await Deno.readTextFile(path)),
    kernelSpec(Deno.execPath()),
  );
});
