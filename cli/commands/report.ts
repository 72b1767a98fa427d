import { report } from "dnpc/report";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { say } from "../output/say.ts";
import { fileOutput } from "../output/sink.ts";
import { visible } from "../../display/text/untrusted.ts";

export const reportCommand: Command = {
  name: "report",
  summary: "One HTML page of all that ran, to look at and to send on",
  about: [
    "What ran, charts, the typical task, which steps are told of how many " +
    "tries, and all events and lines, to scroll, filter and search. A click on " +
    "a run, task, try, executor, block, manager or worker shows all that is " +
    "told of the same one, in whatever log.",
    "The page opens from disk, without a server or a network.",
  ],
  arguments: [dataArgument],
  options: {
    output: {
      value: "FILE",
      short: "o",
      says: "Where it is written: a name that ends in .html",
    },
    run: {
      value: "RUN",
      says:
        "Only this run: its id, its directory, or a part of these that no " +
        "other run has",
    },
    title: { value: "TEXT", says: "What stands above it" },
    events: {
      value: "N",
      says: "How many events at most, if not 2000000; the page says how many " +
        "are left out",
    },
    ...dataOptions,
  },
  examples: [
    {
      says: "A page of all runs",
      line: "dnpc report runs.sqlite3 -o report.html",
    },
    {
      says: "Of what Parsl left behind",
      line: 'dnpc report runinfo -o report.html --title "Tuesday"',
    },
    {
      says: "Of one run of several",
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
    const mostEvents = numberOf(given.value("events"));
    using db = await openSpans(given);
    const html = report(db, {
      ...(run !== undefined && { run }),
      ...(title !== undefined && { title }),
      ...(mostEvents !== undefined && { mostEvents }),
    });
    using file = fileOutput(path);
    file.write(html);
    say(`wrote ${path}`);
  },
};

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--events takes a number, not "${visible(text)}"`);
}
