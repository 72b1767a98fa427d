import type { WorkerOptions } from "dnpc/questions";
import type { Database } from "dnpc/sql";
import { optionsOf } from "../display/text/rows.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { TableRows } from "./formats.ts";
import { say } from "./output.ts";
import { type Draw, rowsCommand, wantsChart } from "./rows.ts";
import { runOption } from "./spans.ts";

/** Choose a run and an executor. */
export const executorOptions = `${runOption}
  --executor LABEL  Only this executor`;

export const summaryOption =
  `--summary  Print only the sentences that a table begins with`;

/**
 * A command that asks about executors or their workers, with
 * {@linkcode executorOptions} in its text.
 *
 * @param asked further options of the question
 */
export const executorCommand = <T extends WorkerOptions>(
  text: string,
  question: (db: Database, options: T) => object[],
  { asked, draw, none }: {
    asked?: (given: Given) => Omit<T, keyof WorkerOptions>;
    draw?: Draw;
    /** The message if there are no rows. */
    none: string;
  },
): Command =>
  rowsCommand(text, (given) => {
    const options = {
      run: given.value("run"),
      executor: given.value("executor"),
      ...asked?.(given),
    } as T;
    return (db) => {
      const rows = question(db, options);
      if (rows.length === 0) {
        say(none);
        return rows;
      }
      return asAsked(given, rows);
    };
  }, { draw });

/** The rows, or with --summary the sentences above their table. */
export function asAsked(
  given: Given,
  rows: readonly object[],
): readonly object[] | TableRows {
  if (!given.has("summary") || wantsChart(given)) return rows;
  const summaries = optionsOf(rows)?.heading?.split("\n") ?? [];
  return {
    columns: ["summary"],
    rows: summaries.map((summary) => ({ summary })),
    show: { whole: ["summary"] },
  };
}
