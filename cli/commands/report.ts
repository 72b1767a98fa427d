import { report } from "dnpc/report";
import { type Command, UsageError } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { fileOutput, say } from "../output.ts";

export const reportCommand: Command = {
  name: "report",
  summary: "Write one HTML page of all runs, to browse and to share",
  about: [
    "The page shows what ran, charts, the typical task, how many tries have " +
    "each step, and all events and lines, to scroll, filter and search. Click " +
    "a run, task, try, executor, block, manager or worker to see everything " +
    "about it from all logs.",
    "The page opens from disk, without a server or a network.",
  ],
  arguments: [dataArgument],
  options: {
    output: {
      value: "FILE",
      short: "o",
      help: "The page; its name ends in .html",
    },
    run: {
      value: "RUN",
      help:
        "Only this run: its id, its directory, or a part of these that no " +
        "other run has",
    },
    title: { value: "TEXT", help: "Title of the page" },
    events: {
      value: "N",
      help: "Maximum number of events. Default: 2000000; the page says how " +
        "many are left out",
    },
    ...dataOptions,
  },
  examples: [
    {
      help: "Write a page of all runs",
      line: "dnpc report runs.sqlite3 -o report.html",
    },
    {
      help: "Write a page of what Parsl left behind",
      line: 'dnpc report runinfo -o report.html --title "Tuesday"',
    },
    {
      help: "Write a page of one run",
      line: "dnpc report runs.sqlite3 --run 000 -o report.html",
    },
  ],
  async run(given) {
    const path = given.value("output");
    if (path === undefined || !/\.html?$/i.test(path)) {
      throw new UsageError("dnpc report needs -o FILE, which ends in .html");
    }
    const run = given.value("run");
    const title = given.value("title");
    const [maxEvents] = given.numbers("events");
    using db = await openSpans(given);
    const html = report(db, {
      ...(run !== undefined && { run }),
      ...(title !== undefined && { title }),
      ...(maxEvents !== undefined && { maxEvents }),
    });
    using file = fileOutput(path);
    file.write(html);
    say(`wrote ${path}`);
  },
};
