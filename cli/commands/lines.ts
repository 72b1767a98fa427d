import { lines, logVolume, story } from "dnpc/questions";
import { say } from "../output.ts";
import { rowsCommand } from "../rows.ts";
import { componentOption } from "../spans.ts";

export const storyCommand = rowsCommand(
  `story: Tell what happened to one task, worker or other entity, in all logs

  Finds an entity by its attributes: a task, a task of a run, a manager, a
  worker. Tells how it ended, and then every event and line about it, whichever
  component wrote it: the time in UTC; the gap before it, with the usual gap if
  this one is odd; who wrote it; the text; and its file and line, for \`dnpc
  lines\`. If the attributes match several entities, such as task 3 of each
  run, each gets its own story.

  In csv, tsv and json there is a row per event; the column largest has 1 at
  the largest gap, odd at odd ones, and repeats the event_id of the row that
  says the same.

  Arguments:
  NAME=VALUE...  Attributes: task=3 run=000

  Options:
  --run RUN  Only this run, as run=RUN: its label (000), its id or its directory
  --named  Leave out messages without a name
  ${componentOption}

  Examples:
  # Read what happened to task 3
  dnpc story runs.sqlite3 task=3 run=000 --format table
  # Save every line about a task of an executor, and its place
  dnpc story runinfo executor=htex_Local executor_task=1 -o story.csv
  # See what a worker did first
  dnpc story runs.sqlite3 manager=cdef75e04b07 worker=0 --format table | head`,
  (given) => {
    const argument = "NAME=VALUE";
    const attributes = Object.fromEntries(
      given.pairs(argument, `name an entity by ${argument}, as task=3`),
    );
    return (db) => {
      const rows = story(db, attributes, {
        run: given.value("run"),
        events: given.has("named") ? "named" : "all",
        components: given.get("component"),
      });
      if (rows.length === 0) {
        say(`no event or line has ${given.all(argument).join(" ")}`);
      }
      return rows;
    };
  },
);

export const linesCommand = rowsCommand(
  `lines: Show lines of logs, with context, by file and line number

  Shows the lines that \`dnpc story\` and other commands name, as they are in
  their files, also in tarballs and compressed ones. FILE is as much of the end
  of a path as names one file of the import.

  Arguments:
  FILE:LINE...  A line: parsl.log:120, 000/parsl.log:120

  Options:
  -C, --context N  Show N lines before and after, too. Default: 3
  --run RUN  Only files of this run: its label (000), its id or its directory

  Examples:
  # Show a line and its neighbours
  dnpc lines runs.sqlite3 parsl.log:120 --run 000 --format table
  # Print two lines alone
  dnpc lines runs.sqlite3 000/parsl.log:120 000/parsl.log:125 --context 0
    --no-header | cut -f 5`,
  (given) => {
    const [context = 3] = given.numbers("context");
    const options = { context, run: given.value("run") };
    return (db) => lines(db, given.all("FILE:LINE"), options);
  },
);

export const logVolumeCommand = rowsCommand(
  `log-volume: Measure which lines, or which tasks, fill the logs

  Prints a row per kind of line, the largest first: the kind of log; what the
  line is about, and its name or template; the number of lines; their bytes;
  and their share of all logs. Lines that are no event have neither.

  Options:
  --by WHAT  template or task. Default: template
  --run RUN  Only logs of this run: its label (000), its id or its directory

  Examples:
  # Find the messages that fill the logs
  dnpc log-volume runs.sqlite3 --format table
  # Find the tasks with the most lines
  dnpc log-volume runinfo --by task --run 000 | sort -k 3 -n -r | head`,
  (given) => {
    const by = given.choice("by", ["template", "task"]) ?? "template";
    const run = given.value("run");
    return (db) =>
      by === "task" ? logVolume(db, { by, run }) : logVolume(db, { by, run });
  },
);
