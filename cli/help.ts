import { wrap } from "../display/text/width.ts";
import { helpOption } from "./arguments.ts";
import type { Command, Option } from "./command.ts";

const width = 80;

/** The text of `dnpc --help`. */
export const generalHelp = (commands: readonly Command[]): string =>
  helpPage([
    "Where did the time go? dnpc imports the logs and databases of Parsl " +
    "workflows into a SQLite database and answers questions about them.",
    "Usage: dnpc COMMAND ARGUMENTS... [OPTIONS...]",
    "Commands:\n" +
    twoColumns(commands.map(({ name, summary }) => [name, summary])),
    "`dnpc help COMMAND` or `dnpc COMMAND --help` explains a command, with " +
    "examples that run.",
    "DATA is a database from `dnpc import`, or what Parsl left behind: a " +
    "runinfo directory, the directory of one run, a tarball of either, a " +
    "monitoring.db, a log. Such data is first imported into memory; nothing " +
    "is written.",
    "Data goes to stdout, messages to stderr. Rows are a table in a terminal, " +
    "and tab-separated lines for cut, sort and awk in a pipe or a file, " +
    "unless --format or the file name after -o asks for another format.",
    "Exit codes:\n" + twoColumns([
      ["0", "success"],
      ["1", "a check failed: --fail-above, --fail-below, --strict"],
      ["2", "the command was mistyped"],
      ["3", "an error, such as a missing file, wrong SQL, or no data"],
      ["125", "a check could not be made: `git bisect run` skips the commit"],
    ]),
    "Examples:\n" + examplesText([
      { help: "Import once", line: "dnpc import runinfo -o runs.sqlite3" },
      {
        help: "Count the spans by type",
        line: 'dnpc sql runs.sqlite3 "SELECT type, count(*) FROM span ' +
          'GROUP BY type"',
      },
    ]),
  ]);

/** The text of `dnpc COMMAND --help`. */
export function commandHelp(command: Command): string {
  const { name, summary, about, arguments: places, examples } = command;
  const usage = places.map(({ name, optional, many }) => {
    const text = many ? `${name}...` : name;
    return optional ? `[${text}]` : text;
  });
  const options = Object.entries({ ...command.options, help: helpOption });
  return helpPage([
    `dnpc ${name}: ${summary}`,
    `Usage: dnpc ${[name, ...usage].join(" ")} [OPTIONS...]`,
    ...about,
    "Arguments:\n" + twoColumns(places.map(({ name, help }) => [name, help])),
    "Options:\n" +
    twoColumns(options.map(([name, it]) => [optionText(name, it), it.help])),
    "Examples:\n" + examplesText(examples),
  ]);
}

function optionText(name: string, { short, value, many }: Option): string {
  return `${short ? `-${short}, ` : "    "}--${name}` +
    `${value ? ` ${value}` : ""}${many ? " ..." : ""}`;
}

/** Wraps paragraphs; lists, which have line breaks, are laid out already. */
const helpPage = (parts: readonly string[]): string =>
  parts.map((text) => text.includes("\n") ? text : wrap(text, width).join("\n"))
    .join("\n\n") + "\n";

function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(26, Math.max(...rows.map(([name]) => name.length)));
  const indent = " ".repeat(left + 4);
  return rows.flatMap(([name, text]) => {
    const [first = "", ...others] = wrap(text, width - left - 4);
    return [
      ...name.length > left
        ? [`  ${name}`, indent + first]
        : [`  ${name.padEnd(left)}  ${first}`],
      ...others.map((line) => indent + line),
    ];
  }).join("\n");
}

/** Long lines continue after a backslash, so that they can be pasted. */
const examplesText = (examples: Command["examples"]): string =>
  examples.map(({ help, line }) =>
    `  # ${help}\n  ${wrap(line, width - 6).join(" \\\n    ")}`
  ).join("\n");
