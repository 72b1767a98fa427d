import { story } from "dnpc/questions";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import { checkRowOptions, rowOptions, writeObjects } from "../output/rows.ts";
import { say } from "../output/say.ts";
import { pairs } from "../pairs.ts";

export const storyCommand: Command = {
  name: "story",
  summary: "All that happened to one thing, across every log, in order",
  about: [
    "A thing is found by what is said of it: a task, a task of a run, a manager, " +
    "a worker. A row for each event and line about it, whoever tells: the time, " +
    "the gap before it, 1 in the column largest at the largest gap, the usual " +
    "gap of others at that step, who tells, what was said, and the file and " +
    "line that say so. Where several things are meant, as task 3 of each run, " +
    "there is a story of each.",
  ],
  arguments: [
    dataArgument,
    { name: "NAME=VALUE", many: true, says: "Attributes: task=3 run=8b02..." },
  ],
  options: {
    ...rowOptions,
    named: { says: "Leave out messages that have no name" },
    component: {
      value: "NAME",
      many: true,
      says: "Only events that this component reports: parsl.rundir",
    },
    ...dataOptions,
  },
  examples: [
    {
      says: "Where the time of task 3 went",
      line: "dnpc story runs.sqlite3 task=3 --named --format table",
    },
    {
      says: "Every line about a task of an executor, and where it is",
      line: "dnpc story runinfo executor=htex_Local executor_task=1 " +
        "-o story.csv",
    },
    {
      says: "When a worker did what",
      line: "dnpc story runs.sqlite3 manager=cdef75e04b07 worker=0 | head",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    const what = Object.fromEntries(attributesOf(given.all("NAME=VALUE")));
    const components = given.values("component");
    using db = await openSpans(given);
    const rows = story(db, what, {
      events: given.has("named") ? "named" : "all",
      ...(components.length && { components }),
    });
    if (rows.length === 0) {
      say(`nothing is told of ${given.all("NAME=VALUE").join(" ")}`);
    }
    writeObjects(given, rows);
  },
};

function attributesOf(texts: readonly string[]): [string, string][] {
  const wrong = texts.find((text) => text.indexOf("=") < 1);
  if (wrong === undefined) return pairs("where", texts);
  throw new UsageError(
    `a thing is named by NAME=VALUE, as task=3, not ${wrong}`,
  );
}
