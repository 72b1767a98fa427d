import { story } from "dnpc/questions";
import { pairs } from "../command.ts";
import { say } from "../output.ts";
import { rowsCommand } from "../rows.ts";
import { componentOption } from "../spans.ts";

export const storyCommand = rowsCommand({
  name: "story",
  summary: "Follow one task, worker or other entity across all logs",
  about: [
    "Finds an entity by its attributes: a task, a task of a run, a manager, a " +
    "worker. Prints a row per event and line about it, whichever component " +
    "wrote it: the time; the gap before it; 1 in the column largest at the " +
    "largest gap; the usual gap of others at that step; the component; the " +
    "message; and its file and line. If the attributes match several " +
    "entities, such as task 3 of each run, each gets its own story.",
  ],
  arguments: [
    { name: "NAME=VALUE", many: true, help: "Attributes: task=3 run=8b02..." },
  ],
  options: {
    named: { help: "Leave out messages without a name" },
    component: componentOption,
  },
  examples: [
    {
      help: "Find where the time of task 3 went",
      line: "dnpc story runs.sqlite3 task=3 --named --format table",
    },
    {
      help: "Save every line about a task of an executor, and its place",
      line: "dnpc story runinfo executor=htex_Local executor_task=1 " +
        "-o story.csv",
    },
    {
      help: "See what a worker did first",
      line: "dnpc story runs.sqlite3 manager=cdef75e04b07 worker=0 | head",
    },
  ],
  question(given) {
    const texts = given.all("NAME=VALUE");
    const attributes = Object.fromEntries(
      pairs("name an entity by NAME=VALUE, as task=3", texts),
    );
    const components = given.values("component");
    return (db) => {
      const rows = story(db, attributes, {
        events: given.has("named") ? "named" : "all",
        ...(components.length && { components }),
      });
      if (rows.length === 0) say(`no event or line has ${texts.join(" ")}`);
      return rows;
    };
  },
});
