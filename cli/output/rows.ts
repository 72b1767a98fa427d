import type { Chart } from "dnpc/plots";
import type { Database, Row, Sql } from "dnpc/sql";
import type { Given, Option } from "../command.ts";
import { UsageError } from "../errors.ts";
import { nearest } from "../../display/text/nearest.ts";
import { visible } from "../../display/text/untrusted.ts";
import { formatOf, formats, type Rows } from "./formats.ts";
import { say } from "./say.ts";
import { fileOutput, standardOutput } from "./sink.ts";

/** What every command that gives rows takes. */
export const rowOptions: Readonly<Record<string, Option>> = {
  output: {
    short: "o",
    value: "FILE",
    says: "Write into FILE: .csv, .tsv, .json, .ndjson, or .txt for a table",
  },
  format: {
    short: "f",
    value: "FORMAT",
    says: "table, csv (RFC 4180), tsv, json or ndjson (an object a line). By " +
      "default table in a terminal, tsv in a pipe",
  },
  "no-header": { says: "Leave out the names of the columns in csv and tsv" },
};

/** The same of one that can draw them. */
export const chartOptions: Readonly<Record<string, Option>> = {
  ...rowOptions,
  output: {
    short: "o",
    value: "FILE",
    says: "Draw into FILE, .svg, .png or .html; or write the rows: .csv, " +
      ".tsv, .json, .ndjson, .txt",
  },
};

/** Whether a chart is asked for, by the name of the file. */
export const wantsChart = (given: Given): boolean =>
  /\.(svg|png|html)$/i.test(given.value("output") ?? "");

/**
 * Checks how rows are to be written, before the work is done.
 *
 * @throws {UsageError} if there is no such format
 */
export function checkRowOptions(given: Given, { charts = false } = {}): void {
  if (wantsChart(given) && !charts) {
    throw new UsageError(
      `these rows are not drawn: ${given.value("output")} has to end in ` +
        ".csv, .tsv, .json, .ndjson or .txt",
    );
  }
  formatFor(given);
}

/** The file that rows go to; undefined if they go to stdout. */
const fileOf = (given: Given): string | undefined =>
  wantsChart(given) ? undefined : given.value("output");

function formatFor(given: Given): string {
  const format = given.value("format");
  if (format !== undefined) {
    if (Object.hasOwn(formats, format)) return format;
    const meant = nearest(format, Object.keys(formats));
    throw new UsageError(
      `there is no format "${visible(format)}"` +
        (meant ? `. Did you mean ${meant}?` : "") +
        ` There are ${Object.keys(formats).join(", ")}`,
    );
  }
  const path = fileOf(given);
  if (path === undefined) return Deno.stdout.isTerminal() ? "table" : "tsv";
  const byName = formatOf(path);
  if (byName !== undefined) return byName;
  throw new UsageError(
    `the name ${visible(path)} does not say how to write it: let it end in ` +
      ".csv, .tsv, .json, .ndjson or .txt, or give --format",
  );
}

/** Writes rows where and how it is asked for. */
export function writeRows(given: Given, rows: Rows): void {
  const path = fileOf(given);
  const format = formats[formatFor(given)]!;
  {
    using out = path === undefined ? standardOutput() : fileOutput(path);
    format(rows, out, !given.has("no-header"));
  }
  if (path !== undefined) say(`wrote ${path}`);
}

/** Writes rows that a question gives as objects. */
export const writeObjects = (given: Given, rows: readonly object[]): void =>
  writeRows(given, {
    columns: Object.keys(rows[0] ?? {}),
    rows: rows as readonly Row[],
  });

/** Writes what a query gives. */
export const writeQuery = (
  given: Given,
  db: Database,
  query: string | Sql,
  params?: Record<string, string>,
): void => writeRows(given, rowsOf(db, query, params));

/** What a query gives, and its columns. */
export function rowsOf(
  db: Database,
  query: string | Sql,
  params?: Record<string, string>,
): Rows {
  const rows = db.query<Row>(query, params);
  // Rows that are not there have no columns; a table has.
  const columns = rows[0]
    ? Object.keys(rows[0])
    : db.table(query, params).columnNames();
  return { columns, rows };
}

/** Saves a chart, and says what it shows. */
export function saveChart(given: Given, chart: Chart): void {
  const path = given.value("output")!;
  chart.save(path);
  say(`drew ${path}: ${chart.caption}`);
}
