// `deno task test:faults`: all of the tests in tests/faults, of which
// `deno task test` runs a fast part, and what they came to.

import type { Figures } from "../tests/faults/figures.ts";
import { inCheckout } from "./checkout.ts";
import { permissionsOf } from "./permissions.ts";

const path = await Deno.makeTempFile();
try {
  const started = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", ...permissionsOf("test"), inCheckout("tests", "faults")],
    cwd: inCheckout(),
    env: { FAULTS: "whole", FAULT_FIGURES: path },
  }).spawn().status;
  const minutes = (performance.now() - started) / 60_000;
  const all = Deno.readTextFileSync(path).trimEnd().split("\n")
    .filter(Boolean)
    .map((line): Figures => JSON.parse(line))
    .sort((a, b) => a.about < b.about ? -1 : 1);
  console.log(table(all));
  console.log(`\nIn ${minutes.toFixed(1)} minutes.`);
  if (!success || all.some(({ lost }) => lost > 0)) Deno.exitCode = 1;
} finally {
  await Deno.remove(path);
}

/** A table in Markdown, as tests/README.md has it. */
function table(figures: readonly Figures[]): string {
  const sum = (name: "inputs" | "survived" | "rows" | "lost") =>
    figures.reduce((sum, found) => sum + found[name], 0);
  const number = (value: number) => value.toLocaleString("en-US");
  const total = {
    ...{ about: "**all**", inputs: sum("inputs"), survived: sum("survived") },
    ...{ rows: sum("rows"), lost: sum("lost") },
  };
  const rows = [...figures, total].map((found) => [
    found.about,
    ...[found.inputs, found.survived, found.rows].map(number),
    found.lost === 0 ? "none" : number(found.lost),
  ]);
  const head = ["faults", "inputs tried", "survived", "rows compared", "lost"];
  const rule = ["---", "---:", "---:", "---:", "---:"];
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
