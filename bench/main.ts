import { parts } from "./parts.ts";
import { table } from "./table.ts";

const [wanted] = Deno.args;
const chosen = parts.filter(({ name }) => !wanted || name.startsWith(wanted));
if (chosen.length === 0) {
  console.error(
    `There is no part ${wanted}: ${parts.map(({ name }) => name).join(", ")}`,
  );
  Deno.exit(2);
}

const { hardwareConcurrency } = navigator;
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${hardwareConcurrency} cores, ` +
    `Deno ${Deno.version.deno}, load ${Deno.loadavg()[0]!.toFixed(1)}`,
);
const folder = await Deno.makeTempDir({ prefix: "dnpc-bench-" });
try {
  for (const { name, about, run } of chosen) {
    console.log(`\n${name}: ${about}\n`);
    console.log(table(await run(folder)));
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
