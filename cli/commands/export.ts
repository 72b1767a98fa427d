import type { Command, Given } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { writeCsv } from "../export/csv.ts";
import { writeParquet, writeParquetQuery } from "../export/parquet/write.ts";
import { writePerfetto } from "../export/perfetto/trace.ts";
import { tablesOf } from "../export/tables.ts";
import { nearest } from "../../display/text/nearest.ts";
import { say } from "../output/say.ts";
import { fileOutput, standardOutput } from "../output/sink.ts";
import { visible } from "../../display/text/untrusted.ts";
import { attributesAsked, rootOptions } from "../roots.ts";

export const exportCommand: Command = {
  name: "export",
  summary: "For other tools: a trace for Perfetto, CSV, Parquet",
  about: [
    "perfetto is the JSON trace format, which https://ui.perfetto.dev and " +
    "chrome://tracing open: a process for each run, executor, block and " +
    "manager; a track for each worker, with a slice for each task that it " +
    "worked on; the states of each try as async slices; and what components " +
    "counted as counters. Times are in microseconds. A slice without an end " +
    "is of a task whose end no log tells. It goes to stdout, or into -o FILE.",
    "csv is a file for each table, in the directory -o DIR. parquet is a " +
    "directory for each table and in it one for each run, run=ID: " +
    "read_parquet('DIR/event/**/*.parquet', hive_partitioning = true) in " +
    "DuckDB. One query goes into one Parquet file; into CSV, `dnpc sql` writes " +
    "it.",
  ],
  arguments: [dataArgument],
  options: {
    to: { value: "FORMAT", says: "perfetto, csv or parquet" },
    output: {
      short: "o",
      value: "PATH",
      says: "The file; for csv and parquet a new directory",
    },
    table: {
      value: "NAME",
      many: true,
      says: "csv, parquet: only this table. By default all",
    },
    query: {
      value: "SQL",
      says: "parquet: the rows of this query, into one file",
    },
    where: {
      ...rootOptions.where!,
      says: "perfetto: only spans with this attribute: run=8b02...",
    },
    ...dataOptions,
  },
  examples: [
    {
      says: "A trace, to be opened in https://ui.perfetto.dev",
      line: "dnpc export runs.sqlite3 --to perfetto -o trace.json",
    },
    {
      says: "The same, packed, straight from what Parsl left behind",
      line: "dnpc export runinfo --to perfetto | gzip > trace.json.gz",
    },
    {
      says: "Spans and events for DuckDB, a directory for each run",
      line: "dnpc export runs.sqlite3 --to parquet -o parquet " +
        "--table span --table event",
    },
    {
      says: "Every table as CSV",
      line: "dnpc export runs.sqlite3 --to csv -o tables",
    },
  ],
  async run(given) {
    const write = writerOf(given);
    await write(given);
  },
};

const writers: Readonly<Record<string, (given: Given) => Promise<void>>> = {
  async perfetto(given) {
    refuse(given, "perfetto", ["table", "query"]);
    using db = await openSpans(given);
    const path = given.value("output");
    {
      using out = path === undefined ? standardOutput() : fileOutput(path);
      writePerfetto(db, attributesAsked(given), out);
    }
    if (path !== undefined) say(`wrote ${path}`);
  },
  async csv(given) {
    refuse(given, "csv", ["query", "where"]);
    const folder = outputOf(given);
    using db = await openSpans(given);
    writeCsv(db, tablesOf(db, given.values("table")), folder);
    say(`wrote ${folder}`);
  },
  async parquet(given) {
    refuse(given, "parquet", ["where"]);
    const path = outputOf(given);
    const query = given.value("query");
    using db = await openSpans(given);
    if (query !== undefined) writeParquetQuery(db, query, path);
    else writeParquet(db, tablesOf(db, given.values("table")), path);
    say(`wrote ${path}`);
  },
};

function writerOf(given: Given) {
  const format = given.value("to");
  const names = Object.keys(writers);
  if (format === undefined) {
    throw new UsageError(`dnpc export needs --to: ${names.join(", ")}`);
  }
  if (Object.hasOwn(writers, format)) return writers[format]!;
  const meant = nearest(format, names);
  throw new UsageError(
    `nothing is exported to "${visible(format)}"` +
      (meant ? `. Did you mean ${meant}?` : "") +
      ` There are ${names.join(", ")}`,
  );
}

function outputOf(given: Given): string {
  const path = given.value("output");
  if (path !== undefined) return path;
  throw new UsageError(
    `--to ${given.value("to")} needs -o, where it is written`,
  );
}

function refuse(given: Given, format: string, names: readonly string[]): void {
  const name = names.find(given.has);
  if (name) throw new UsageError(`--to ${format} takes no --${name}`);
}
