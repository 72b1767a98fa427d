import type { Chart } from "dnpc/plots";
import type { Database, Row, Sql } from "dnpc/sql";
import { optionsOf, showReport } from "../display/text/rows.ts";
import type { Command } from "./command.ts";
import {
  type Asked,
  dataCommand,
  isCampaign,
  openAsked,
  openSpans,
} from "./data.ts";
import { UsageError } from "./errors.ts";
import { formatOf, rowFormats, type TableRows } from "./formats.ts";
import type { Given } from "./arguments.ts";
import { say, terminalSize, writeTo } from "./output.ts";
import { watchSignals } from "./signals.ts";

/** Checks the arguments before the data is opened; returns the question. */
type Ask<Data> = (given: Given) => Question<Data> | Promise<Question<Data>>;

type Answer = readonly object[] | TableRows;
type Question<Data> = (data: Data) => Answer | Promise<Answer>;

export type Draw = (given: Given, rows: readonly Row[]) => Chart;

/** A command that asks the data for rows; with `draw`, it can draw them. */
export const rowsCommand = (
  text: string,
  question: Ask<Database>,
  { draw, open = openSpans }: { draw?: Draw; open?: typeof openSpans } = {},
): Command => rowsOf(text, question, open, draw);

/** The same for a question that is SQL, which a campaign can answer, too. */
export const queryCommand = (
  text: string,
  question: Ask<Asked>,
  { draw, open = openAsked }: { draw?: Draw; open?: typeof openAsked } = {},
): Command => rowsOf(text, question, open, draw);

const rowsOf = <Data extends Disposable>(
  text: string,
  question: Ask<Data>,
  open: (given: Given) => Promise<Data>,
  draw: Draw | undefined,
): Command =>
  dataCommand(text, async (given) => {
    checkRowOptions(given, draw);
    const ask = await question(given);
    using data = await open(given);
    const answer = await ask(data);
    const rows = "rows" in answer ? answer : {
      columns: Object.keys(answer[0] ?? {}),
      rows: answer as Row[],
      show: optionsOf(answer),
    };
    if (draw && wantsChart(given)) {
      // A question's own array says what its rows are about.
      drawRows(
        given,
        "rows" in answer ? [...rows.rows] : answer as Row[],
        draw,
      );
      return;
    }
    await writeRows(given, rows);
    const { heading } = rows.show ?? {};
    const isEmpty = Array.isArray(rows.rows) && rows.rows.length === 0;
    // A table begins with it; no rows at all would say nothing.
    if (isEmpty && heading && formatFor(given) !== "table") say(heading);
  }, draw ? chartOptions : rowOptions);

export const safeOption =
  `--safe  In csv and tsv, put an apostrophe before text that begins with =, +, -
    or @, unless it is a number: spreadsheets take such text of a log for a
    formula, and execute it`;

const formatOptions =
  `-f, --format FORMAT  table, csv (RFC 4180), tsv, json or ndjson (one object per
    line). Default: table in a terminal, tsv in a pipe
  --no-header  Leave out the column names in csv and tsv
  ${safeOption}`;

const rowOptions =
  `-o, --output FILE  Write to FILE: .csv, .tsv, .json, .ndjson, or .txt for a
    table
  ${formatOptions}`;

export const chartOptions =
  `-o, --output FILE  Draw to FILE: .svg, .png, .pdf or .html; or write the rows:
    .csv, .tsv, .json, .ndjson, .txt
  ${formatOptions}`;

/** Whether the output file is a chart, by its name. */
export const wantsChart = (given: Given): boolean =>
  /\.(svg|png|pdf|html)$/i.test(given.value("output") ?? "");

/**
 * Checks the output options before any work.
 *
 * @throws {UsageError} for an unknown format, or a chart of rows without one
 */
export function checkRowOptions(given: Given, draw: Draw | undefined): void {
  if (wantsChart(given) && !draw) {
    throw new UsageError(
      `these rows have no chart: ${given.value("output")} must end in .csv, ` +
        ".tsv, .json, .ndjson or .txt",
    );
  }
  formatFor(given);
}

function formatFor(given: Given): string {
  const format = given.choice("format", Object.keys(rowFormats));
  if (format !== undefined) return format;
  const path = given.value("output");
  if (path === undefined || wantsChart(given)) {
    return Deno.stdout.isTerminal() ? "table" : "tsv";
  }
  const byName = formatOf(path);
  if (byName !== undefined) return byName;
  throw new UsageError(
    `the name ${path} implies no format: end it in .csv, .tsv, .json, ` +
      ".ndjson or .txt, or give --format",
  );
}

/** Writes rows to the output file or to stdout. */
export async function writeRows(
  given: Given,
  rows: TableRows,
): Promise<void> {
  const path = wantsChart(given) ? undefined : given.value("output");
  const write = rowFormats[formatFor(given)]!;
  const options = {
    hasHeader: !given.has("no-header"),
    isSafe: given.has("safe"),
    terminal: path === undefined ? terminalSize() : undefined,
  };
  // Few rows are written before a signal could be watched.
  const isShort = Array.isArray(rows.rows) && rows.rows.length < 10_000;
  using signals = path === undefined || isShort ? undefined : watchSignals();
  await signals?.ready;
  writeTo(path, (out) => write(rows, out, options));
  if (path !== undefined) say(`wrote ${path}`);
}

/** The rows of a query to a database or a campaign, and its columns. */
export async function askRows(
  data: Asked,
  query: Sql,
): Promise<TableRows & { rows: Row[] }> {
  if (!isCampaign(data)) return queryRows(data, query);
  const rows = await data.query(query);
  return { columns: optionsOf(rows)?.columns ?? [], rows };
}

/** The rows of a query, and its columns even if there are no rows. */
export function queryRows(
  db: Database,
  query: string | Sql,
): TableRows & { rows: Row[] } {
  const rows = db.iterate<Row>(query);
  const { columns } = rows;
  const noun = typeof query === "string" ? undefined : query.noun;
  return { columns, rows: showReport([...rows], { columns, noun }) };
}

/** Draws rows to the output file and prints the caption. */
export function drawRows(
  given: Given,
  rows: readonly Row[],
  draw: Draw,
): void {
  const path = given.value("output")!;
  const chart = draw(given, rows);
  chart.save(path);
  // A chart of several parts has a caption in each.
  say(`drew ${path}${chart.caption && `: ${chart.caption}`}`);
}
