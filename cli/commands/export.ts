import { dataCommand, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { writeParquet, writeParquetQuery } from "../export/parquet.ts";
import { writePerfetto } from "../export/perfetto.ts";
import { wantedTables, writeCsv } from "../export/tables.ts";
import { say, writeTo } from "../output.ts";
import { safeOption } from "../rows.ts";
import { watchSignals } from "../signals.ts";
import { attributesAsked } from "../spans.ts";

export const exportCommand = dataCommand(
  `export: Export for other tools: Perfetto, CSV, Parquet

  perfetto is the JSON trace format of https://ui.perfetto.dev and
  chrome://tracing: a process for each run, executor, block and manager; a track
  for each worker, with a slice for each task; the states of each try as async
  slices; and metrics as counters. Times are in microseconds. A slice without an
  end is a task whose end is in no log. The trace goes to stdout, or to -o FILE.

  csv is a file per table in the directory -o DIR. parquet is a directory per
  table with one per run in it, run=ID: read_parquet('DIR/event/**/*.parquet',
  hive_partitioning = true) in DuckDB. The rows of a query go to one Parquet
  file; for CSV, use \`dnpc sql\`.

  Options:
  --to FORMAT  perfetto, csv or parquet
  -o, --output PATH  The file; for csv and parquet a new directory
  --table NAME ...  csv, parquet: only this table. Default: all
  --query SQL  parquet: write the rows of this query to one file
  --where NAME=VALUE ...  perfetto: only spans with this attribute: run=8b02...
  ${safeOption}

  Examples:
  # Write a trace for https://ui.perfetto.dev
  dnpc export runs.sqlite3 --to perfetto -o trace.json
  # Compress a trace of what Parsl left behind
  dnpc export runinfo --to perfetto | gzip > trace.json.gz
  # Write spans and events for DuckDB, with a directory per run
  dnpc export runs.sqlite3 --to parquet -o parquet --table span --table event
  # Write every table as CSV
  dnpc export runs.sqlite3 --to csv -o tables`,
  async (given) => {
    const format = given.choice("to", ["perfetto", "csv", "parquet"]);
    if (format === undefined) {
      throw new UsageError("dnpc export needs --to: perfetto, csv or parquet");
    }
    const wrong = ["table", "query", "where", "safe"].find((option) =>
      given.has(option) && !optionsOf[format].includes(option)
    );
    if (wrong) throw new UsageError(`--to ${format} takes no --${wrong}`);
    const path = given.value("output");
    if (path === undefined && format !== "perfetto") {
      throw new UsageError(`--to ${format} needs -o PATH`);
    }
    using db = await openSpans(given);
    using signals = watchSignals();
    await signals.ready;
    const query = given.value("query");
    if (format === "perfetto") {
      const wanted = attributesAsked(given);
      writeTo(path, (out) => writePerfetto(db, wanted, out));
    } else if (query !== undefined) writeParquetQuery(db, query, path!);
    else {
      const write = format === "csv" ? writeCsv : writeParquet;
      const tables = wantedTables(db, given.all("table"));
      write(db, tables, path!, { isSafe: given.has("safe") });
    }
    if (path !== undefined) say(`wrote ${path}`);
  },
);

const optionsOf = {
  perfetto: ["where"],
  csv: ["table", "safe"],
  parquet: ["table", "query"],
};
