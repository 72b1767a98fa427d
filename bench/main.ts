// Usage: deno task bench [--write] [PART]
// With --write, the tables replace those in README.md.
import { campaigns } from "./campaign.ts";
import { explorer } from "./explorer.ts";
import { importers, questionsAndReport, withPandas } from "./growth.ts";
import { jsonLogs, monitoringDb, partsOfTime, textLogs } from "./imports.ts";
import { charts } from "./plots.ts";
import { firstChart, startUp } from "./start.ts";
import { type Row, table } from "./table.ts";

/** The parts, in the order in which they run. Files go below the folder. */
const parts: Readonly<Record<string, (folder: string) => Promise<Row[]>>> = {
  text: textLogs,
  json: jsonLogs,
  monitoring: monitoringDb,
  profile: partsOfTime,
  pandas: withPandas,
  importers,
  questions: questionsAndReport,
  start: startUp,
  first: firstChart,
  plots: charts,
  explorer,
  campaign: campaigns,
};

const readme = new URL("README.md", import.meta.url);
const isWritten = Deno.args.includes("--write");
const wanted = Deno.args.filter((arg) => arg !== "--write");
const chosen = wanted.length > 0 ? wanted : Object.keys(parts);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`The parts are ${Object.keys(parts).join(", ")}: ${unknown}`);
  Deno.exit(2);
}
for (const name of chosen) {
  const folder = await Deno.makeTempDir({ prefix: "dnpc-bench-" });
  try {
    const date = new Date().toISOString().slice(0, 10);
    const text = table(`${name}, ${date}`, await parts[name]!(folder));
    console.log(text);
    if (isWritten) write(name, text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Replaces the table of this name in README.md. */
function write(name: string, text: string): void {
  const before = Deno.readTextFileSync(readme);
  const old = new RegExp(`^\\| ${name}, \\d.*\\n(?:\\|.*\\n)+`, "m");
  Deno.writeTextFileSync(readme, before.replace(old, () => text));
}
