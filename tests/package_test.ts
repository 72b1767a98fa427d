import assert from "node:assert/strict";
import { checkout } from "../tools/checkout.ts";
import { isWhole } from "./faults/figures.ts";

// Publishing refuses types that Deno cannot write declarations from. Packing would
// write all declarations, which takes long.
const slowTypes = isWhole ? [] : ["--allow-slow-types"];

// `deno task check` looks at the types.
for (
  const args of [
    ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    ["pack", "--dry-run", "--allow-dirty", ...slowTypes],
  ]
) {
  Deno.test(`deno ${args[0]} accepts the package`, async () => {
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      { args, cwd: checkout, env: { NO_COLOR: "1" } },
    ).output();
    const output = new TextDecoder().decode(stdout) +
      new TextDecoder().decode(stderr);
    assert.ok(success, output);
    for (
      const file of ["mod", "sql/mod", "plots/mod", "importers/formats/list"]
    ) {
      assert.ok(output.includes(file), `${file} is in\n${output}`);
    }
    assert.doesNotMatch(output, /fixtures|\.ipynb/);
  });
}
