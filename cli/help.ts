import { helpOption } from "./arguments.ts";
import type { Command, Option } from "./command.ts";

const width = 80;

/** What `dnpc --help` says. */
export const generalHelp = (commands: readonly Command[]): string =>
  [
    "Where did the time go? dnpc reads what the components of a Parsl workflow " +
    "left behind into a SQLite database, and answers questions about it.",
    "Usage: dnpc COMMAND ARGUMENTS... [OPTIONS...]",
    "Commands:\n" +
    twoColumns(commands.map(({ name, summary }) => [name, summary])),
    "`dnpc help COMMAND` and `dnpc COMMAND --help` say more of each, with " +
    "examples that run.",
    "DATA is a database that `dnpc import` made; or what Parsl left behind, as " +
    "it is: a runinfo directory, one run's, a tarball of either, a " +
    "monitoring.db, a log. It is then imported into memory first; nothing is " +
    "written.",
    dataOut,
    exits(),
    "Examples:\n" + twoLines([
      ["Import once, ask often", "dnpc import runinfo -o runs.sqlite3"],
      [
        "What is in there",
        'dnpc sql runs.sqlite3 "SELECT type, count(*) FROM span GROUP BY type"',
      ],
    ]),
  ].map(folded).join("\n\n") + "\n";

const dataOut =
  "Data goes to stdout and talk to stderr. In a terminal rows are shown as a " +
  "table; in a pipe or a file they are tab-separated lines, which cut, sort " +
  "and awk read, unless --format or the name behind -o says otherwise.";

const exits = () =>
  "Exit codes:\n" + twoColumns([
    ["0", "it is done"],
    ["1", "a check failed: --fail-above, --strict"],
    ["2", "what was typed is no command"],
    ["3", "an error: no such file, wrong SQL, nothing to read"],
    ["125", "a check could not be made: `git bisect run` skips such a commit"],
  ]);

/** What `dnpc COMMAND --help` says. */
export function commandHelp(command: Command): string {
  const { name, summary, about, arguments: arguments_, options, examples } =
    command;
  const places = arguments_.map(({ name, optional, many }) => {
    const text = many ? `${name}...` : name;
    return optional ? `[${text}]` : text;
  });
  const all = { ...options, help: helpOption };
  return [
    `dnpc ${name}: ${summary}`,
    `Usage: dnpc ${[name, ...places].join(" ")} [OPTIONS...]`,
    ...about,
    ...(arguments_.length
      ? [
        "Arguments:\n" +
        twoColumns(arguments_.map(({ name, says }) => [name, says])),
      ]
      : []),
    "Options:\n" +
    twoColumns(Object.entries(all).map(([n, o]) => [optionText(n, o), o.says])),
    "Examples:\n" +
    twoLines(examples.map(({ says, line }) => [says, line])),
  ].map(folded).join("\n\n") + "\n";
}

function optionText(name: string, { short, value, many }: Option): string {
  return `${short ? `-${short}, ` : "    "}--${name}` +
    `${value ? ` ${value}` : ""}${many ? " ..." : ""}`;
}

/** A paragraph folded; what is laid out in lines stays as it is. */
const folded = (text: string): string =>
  text.includes("\n") ? text : fold(text, width).join("\n");

function fold(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(26, Math.max(...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, says]) => {
    const lines = fold(says, width - left - 4);
    const indent = " ".repeat(left + 4);
    const first = name.length > left
      ? [`  ${name}`, indent + lines[0]!]
      : [`  ${name.padEnd(left)}  ${lines[0]}`];
    return [...first, ...lines.slice(1).map((line) => indent + line)];
  }).join("\n");
}

const twoLines = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([says, line]) => `  # ${says}\n  ${line}`).join("\n");
