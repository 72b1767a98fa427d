import { coverage } from "dnpc/questions";
import { say } from "../output.ts";
import { rowsCommand } from "../rows.ts";

export const coverageCommand = rowsCommand({
  name: "coverage",
  summary: "Find missing logs: how many tries have each step",
  about: [
    "Prints a row per run and step: how many tries the run has, how many of " +
    "them have the step, their share, and the share of the launched tries. If " +
    "it is 0 for all, the log is missing, or this version of Parsl does not " +
    "write the step.",
  ],
  arguments: [],
  options: {},
  examples: [
    {
      help: "Show the coverage of each run",
      line: "dnpc coverage runs.sqlite3 --format table",
    },
    {
      help: "List the steps that no log has",
      line: "dnpc coverage runinfo --no-header | awk -F '\\t' '$8 == 0'",
    },
  ],
  question: () => (db) => {
    const rows = coverage(db);
    if (rows.length === 0) say("no parsl.log and no monitoring.db has tries");
    return rows;
  },
});
