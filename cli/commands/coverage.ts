import { coverage } from "dnpc/questions";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { say } from "../output/say.ts";
import { checkRowOptions, rowOptions, writeObjects } from "../output/rows.ts";

export const coverageCommand: Command = {
  name: "coverage",
  summary: "Which step is told of how many tries: which log is missing",
  about: [
    "A row for each run and step: how many tries the run has, how many of them " +
    "have the step, their share, and the share of those that were launched. " +
    "Where it is 0 for all, the log is not there, or this version of Parsl does " +
    "not write the step.",
  ],
  arguments: [dataArgument],
  options: { ...rowOptions, ...dataOptions },
  examples: [
    { says: "Run by run", line: "dnpc coverage runs.sqlite3 --format table" },
    {
      says: "What no log tells",
      line: "dnpc coverage runinfo --no-header | awk -F '\\t' '$8 == 0'",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    using db = await openSpans(given);
    const rows = coverage(db);
    if (rows.length === 0) say("no parsl.log and no monitoring tells of tries");
    writeObjects(given, rows);
  },
};
