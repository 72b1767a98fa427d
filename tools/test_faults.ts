// `deno task test:faults`: runs the whole suite of tests/faults, and other tests
// in full: charts, imports of more runs, critical paths, truncated databases,
// permissions, declarations. `deno task test` runs a fast part of each. Writes the
// resulting figures into tests/README.md.

import type { Figures } from "../tests/faults/figures.ts";
import { inCheckout } from "./checkout.ts";
import { permissionsOf } from "./permissions.ts";

const path = await Deno.makeTempFile();
try {
  const started = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      ...permissionsOf("test"),
      inCheckout("tests", "faults"),
      inCheckout("tests", "plots", "cases_test.ts"),
      inCheckout("tests", "importers", "containers_test.ts"),
      inCheckout("tests", "importers", "logs_coverage_test.ts"),
      inCheckout("tests", "importers", "logs_order_test.ts"),
      inCheckout("tests", "questions", "critical_path_test.ts"),
      inCheckout("tests", "sql", "read_database_file_test.ts"),
      inCheckout("tests", "package_test.ts"),
      inCheckout("tests", "permissions_test.ts"),
    ],
    cwd: inCheckout(),
    env: { FAULTS: "whole", FAULT_FIGURES: path },
  }).spawn().status;
  const minutes = (performance.now() - started) / 60_000;
  const all = Deno.readTextFileSync(path).trimEnd().split("\n")
    .filter(Boolean)
    .map((line): Figures => JSON.parse(line))
    .sort((a, b) => a.about < b.about ? -1 : 1);
  const figures = `${markdownTable(all)}\n\nMeasured in ${
    minutes.toFixed(0)
  } minutes.`;
  console.log(figures);
  const isSound = success && all.every(({ lost }) => lost === 0);
  if (isSound) await writeFigures(figures);
  else Deno.exitCode = 1;
} finally {
  await Deno.remove(path);
}

/** Replaces the part of tests/README.md that this program generates. */
async function writeFigures(figures: string): Promise<void> {
  const page = inCheckout("tests", "README.md");
  const text = await Deno.readTextFile(page);
  const [start, end] = ["<!-- figures -->", "<!-- end of figures -->"];
  const from = text.indexOf(start) + start.length;
  const until = text.indexOf(end);
  if (until < from) throw new Error(`${page} has no ${start} … ${end}`);
  await Deno.writeTextFile(
    page,
    `${text.slice(0, from)}\n\n${figures}\n\n${text.slice(until)}`,
  );
  // Aligns the columns.
  await new Deno.Command(Deno.execPath(), { args: ["fmt", page] }).spawn()
    .status;
}

/** A table in Markdown. */
function markdownTable(figures: readonly Figures[]): string {
  const sum = (name: "inputs" | "survived" | "rows" | "lost") =>
    figures.reduce((sum, found) => sum + found[name], 0);
  const number = (value: number) => value.toLocaleString("en-US");
  const total = {
    about: "**all**",
    inputs: sum("inputs"),
    survived: sum("survived"),
    rows: sum("rows"),
    lost: sum("lost"),
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
