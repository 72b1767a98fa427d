// Imports a runinfo into a new database, and says how long it took.
import { type ImportOptions, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { peakMemory } from "../measure.ts";

const [path = "", file = "", written = "{}"] = Deno.args;
const options: ImportOptions & { engine?: "native" | "sqljs" } = JSON.parse(
  written,
);
const { engine = "native", ...reading } = options;
using db = engine === "native"
  ? await openDatabase(file)
  : await openDatabase(undefined, { engine });
const start = performance.now();
const report = await importRuninfo(db, path, reading);
const seconds = (performance.now() - start) / 1000;
const sum = (of: "bytes" | "lines" | "records") =>
  report.sources.reduce((total, source) => total + source[of], 0);
console.log(JSON.stringify({
  seconds,
  bytes: sum("bytes"),
  lines: sum("lines"),
  records: sum("records"),
  spans: report.spans,
  events: report.events,
  metrics: report.metrics,
  memory: peakMemory("self"),
}));
