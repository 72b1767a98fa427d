import { exportCampaign } from "dnpc/campaign";
import { dataCommand, isCampaignDirectory, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { writeParquetQuery } from "../export/parquet.ts";
import { writeOtlp } from "../export/otlp.ts";
import { writePerfetto } from "../export/perfetto.ts";
import { wantedTables, writeCsv } from "../export/tables.ts";
import { say, writeTo } from "../output.ts";
import { safeOption } from "../rows.ts";
import { watchSignals } from "../signals.ts";
import { attributesAsked, runOption } from "../spans.ts";

export const exportCommand = dataCommand(
  `export: Export for other tools: Perfetto, OpenTelemetry, CSV, Parquet

  perfetto is the JSON trace format of Chrome and https://ui.perfetto.dev: a
  process for each run, executor, block and manager; a track for each worker,
  with a slice for each task; the states of each try as async slices; and metrics
  as counters. Times are in microseconds. A slice without an end is a task whose
  end is in no log. The trace goes to stdout, or to -o FILE.

  otlp is OpenTelemetry's protocol as JSON, a span per line, as its collector
  reads and writes files: a trace for each run; each span with its named events,
  in the try, the task or another span that it is in, and links to the others.
  Spans that no named event dates are left out. \`dnpc import\` reads such files.

  csv is a file per table in the directory -o DIR. parquet adds the runs to a
  campaign: a directory with Parquet files for each run, which \`dnpc\`, DuckDB
  and Spark ask, and to which \`dnpc import --to parquet\` adds, too. With --query,
  it is one file with the rows of the query; for CSV, use \`dnpc sql\`.

  Options:
  --to FORMAT  perfetto, otlp, csv or parquet
  -o, --output PATH  The file; for csv a new directory, for parquet a campaign,
    created if it does not exist
  --table NAME ...  csv: only this table. Default: all
  --query SQL  parquet: write the rows of this query to one file
  --where NAME=VALUE ...  perfetto, otlp: only spans with this attribute: app=top
  ${runOption}. csv, parquet: only of a campaign
  ${safeOption}

  Examples:
  # Write a trace for https://ui.perfetto.dev
  dnpc export runs.sqlite3 --to perfetto -o trace.json
  # Write spans for OpenTelemetry's collector
  dnpc export runs.sqlite3 --to otlp -o spans.jsonl
  # Compress a trace of what Parsl left behind
  dnpc export runinfo --to perfetto | gzip > trace.json.gz
  # Add the runs to a campaign
  dnpc export runs.sqlite3 --to parquet -o campaign
  # Write tasks for pandas
  dnpc export runs.sqlite3 --to parquet -o tasks.parquet
    --query "SELECT * FROM monitoring_task"
  # Write every table as CSV
  dnpc export runs.sqlite3 --to csv -o tables`,
  async (given) => {
    const format = given.choice("to", Object.keys(optionsOf));
    if (format === undefined) {
      throw new UsageError(
        "dnpc export needs --to: perfetto, otlp, csv or parquet",
      );
    }
    const known = isCampaignDirectory(given.argument("DATA"))
      ? ["run", ...optionsOf[format]!]
      : optionsOf[format]!;
    const wrong = ["table", "query", "where", "safe", "run"].find((option) =>
      given.has(option) && !known.includes(option)
    );
    if (wrong) throw new UsageError(`--to ${format} takes no --${wrong}`);
    const path = given.value("output");
    if (path === undefined && !(format in traces)) {
      throw new UsageError(`--to ${format} needs -o PATH`);
    }
    using db = await openSpans(given);
    using signals = watchSignals();
    await signals.ready;
    const query = given.value("query");
    if (format in traces) {
      const wanted = attributesAsked(given);
      writeTo(path, (out) => traces[format]!(db, wanted, out));
    } else if (query !== undefined) writeParquetQuery(db, query, path!);
    else if (format === "csv") {
      const tables = wantedTables(db, given.all("table"));
      writeCsv(db, tables, path!, { isSafe: given.has("safe") });
    } else return say(String(exportCampaign(db, path!)));
    if (path !== undefined) say(`wrote ${path}`);
  },
);

const traces: Record<string, typeof writePerfetto> = {
  perfetto: writePerfetto,
  otlp: writeOtlp,
};

const optionsOf: Record<string, readonly string[]> = {
  perfetto: ["where", "run"],
  otlp: ["where", "run"],
  csv: ["table", "safe"],
  parquet: ["query"],
};
