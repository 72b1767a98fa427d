import { type Command, type Given, UsageError } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { writeParquet, writeParquetQuery } from "../export/parquet.ts";
import { writePerfetto } from "../export/perfetto.ts";
import { wantedTables, writeCsv } from "../export/tables.ts";
import { fileOutput, say, standardOutput } from "../output.ts";
import { attributesAsked, spanOptions } from "../spans.ts";

export const exportCommand: Command = {
  name: "export",
  summary: "Export for other tools: Perfetto, CSV, Parquet",
  about: [
    "perfetto is the JSON trace format of https://ui.perfetto.dev and " +
    "chrome://tracing: a process for each run, executor, block and manager; a " +
    "track for each worker, with a slice for each task; the states of each " +
    "try as async slices; and metrics as counters. Times are in microseconds. " +
    "A slice without an end is a task whose end is in no log. The trace goes " +
    "to stdout, or to -o FILE.",
    "csv is a file per table in the directory -o DIR. parquet is a directory " +
    "per table with one per run in it, run=ID: " +
    "read_parquet('DIR/event/**/*.parquet', hive_partitioning = true) in " +
    "DuckDB. The rows of a query go to one Parquet file; for CSV, use " +
    "`dnpc sql`.",
  ],
  arguments: [dataArgument],
  options: {
    to: { value: "FORMAT", help: "perfetto, csv or parquet" },
    output: {
      short: "o",
      value: "PATH",
      help: "The file; for csv and parquet a new directory",
    },
    table: {
      value: "NAME",
      many: true,
      help: "csv, parquet: only this table. Default: all",
    },
    query: {
      value: "SQL",
      help: "parquet: write the rows of this query to one file",
    },
    where: {
      ...spanOptions.where!,
      help: "perfetto: only spans with this attribute: run=8b02...",
    },
    ...dataOptions,
  },
  examples: [
    {
      help: "Write a trace for https://ui.perfetto.dev",
      line: "dnpc export runs.sqlite3 --to perfetto -o trace.json",
    },
    {
      help: "Compress a trace of what Parsl left behind",
      line: "dnpc export runinfo --to perfetto | gzip > trace.json.gz",
    },
    {
      help: "Write spans and events for DuckDB, with a directory per run",
      line: "dnpc export runs.sqlite3 --to parquet -o parquet " +
        "--table span --table event",
    },
    {
      help: "Write every table as CSV",
      line: "dnpc export runs.sqlite3 --to csv -o tables",
    },
  ],
  async run(given) {
    const format = given.choice("to", ["perfetto", "csv", "parquet"]);
    if (format === undefined) {
      throw new UsageError("dnpc export needs --to: perfetto, csv or parquet");
    }
    const { write, without } = writers[format];
    const wrong = without.find(given.has);
    if (wrong) throw new UsageError(`--to ${format} takes no --${wrong}`);
    await write(given);
    const path = given.value("output");
    if (path !== undefined) say(`wrote ${path}`);
  },
};

const writers = {
  perfetto: {
    without: ["table", "query"],
    async write(given: Given) {
      using db = await openSpans(given);
      const path = given.value("output");
      using out = path === undefined ? standardOutput() : fileOutput(path);
      writePerfetto(db, attributesAsked(given), out);
    },
  },
  csv: {
    without: ["query", "where"],
    async write(given: Given) {
      const folder = outputOf(given);
      using db = await openSpans(given);
      writeCsv(db, wantedTables(db, given.values("table")), folder);
    },
  },
  parquet: {
    without: ["where"],
    async write(given: Given) {
      const path = outputOf(given);
      const query = given.value("query");
      using db = await openSpans(given);
      if (query !== undefined) writeParquetQuery(db, query, path);
      else writeParquet(db, wantedTables(db, given.values("table")), path);
    },
  },
};

function outputOf(given: Given): string {
  const path = given.value("output");
  if (path !== undefined) return path;
  throw new UsageError(`--to ${given.value("to")} needs -o PATH`);
}
