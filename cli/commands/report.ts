import { report } from "dnpc/report";
import { writeWhole } from "../../display/output.ts";
import { dataCommand, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { say } from "../output.ts";

export const reportCommand = dataCommand(
  `report: Write one HTML page of all runs, to look around in and to share

  The page says what ran, what failed and why. Below, it shows the tasks of each
  worker over time, to zoom into; how long they took; how many were in each
  state; and all events and lines of the logs. A selection in one of these, or a
  search, filters the others. Click a task to see what happened to it.

  The page opens from disk, without a server or a network.

  Options:
  -o, --output FILE  The page; its name ends in .html
  --run RUN  Only this run: its label (000), its id, its directory, or a unique
    part of these
  --title TEXT  Title of the page
  --events N  Maximum number of events. Default: 2000000; the page says how many
    are left out

  Examples:
  # Write a page of all runs
  dnpc report runs.sqlite3 -o report.html
  # Write a page of what Parsl left behind
  dnpc report runinfo -o report.html --title "Tuesday"
  # Write a page of one run
  dnpc report runs.sqlite3 --run 000 -o report.html`,
  async (given) => {
    const path = given.value("output");
    if (path === undefined || !/\.html?$/i.test(path)) {
      throw new UsageError("dnpc report needs -o FILE, which ends in .html");
    }
    const [maxEvents] = given.numbers("events");
    using db = await openSpans(given);
    const html = report(db, {
      run: given.value("run"),
      title: given.value("title"),
      maxEvents,
    });
    writeWhole(path, html);
    say(`wrote ${path}`);
  },
);
