import { wrap } from "../display/text/width.ts";
import type { Command } from "./command.ts";

const width = 80;

/** The text of `dnpc --help`. */
export const generalHelp = (commands: readonly Command[]): string =>
  `Where did the time go? dnpc imports the logs and databases of Parsl workflows
into a SQLite database and answers questions about them.

Usage: dnpc COMMAND ARGUMENTS... [OPTIONS...]

Commands:
${twoColumns(commands.map(({ name, summary }) => [name, summary]))}

\`dnpc help COMMAND\` or \`dnpc COMMAND --help\` explains a command, with examples
that run.

DATA is a database from \`dnpc import\`, or what Parsl left behind: a runinfo
directory, the directory of one run, a tarball of either, a monitoring.db, a
log. Such data is first imported into memory; nothing is written.

Data goes to stdout, messages to stderr. Rows are a table in a terminal, and
tab-separated lines for cut, sort and awk in a pipe or a file, unless --format
or the file name after -o asks for another format.

Exit codes:
  0    success
  1    a check failed: --fail-above, --fail-below, --strict
  2    the command was mistyped
  3    an error, such as a missing file, wrong SQL, or no data
  125  a check could not be made: \`git bisect run\` skips the commit

Examples:
  # Import once
  dnpc import runinfo -o runs.sqlite3
  # Count the spans by type
  dnpc sql runs.sqlite3 "SELECT type, count(*) FROM span GROUP BY type"
`;

/** The text of `dnpc COMMAND --help`. */
export const commandHelp = (command: Command): string =>
  [
    `dnpc ${command.name}: ${command.summary}`,
    `Usage: dnpc ${
      [command.name, ...command.arguments.map(({ usage }) => usage)].join(" ")
    } [OPTIONS...]`,
    ...command.about.map((text) => wrap(text, width).join("\n")),
    "Arguments:\n" +
    twoColumns(command.arguments.map(({ name, help }) => [name, help])),
    "Options:\n" + twoColumns(
      Object.values(command.options).map(({ usage, help }) => [
        usage.replace(/^--/, "    --"),
        help,
      ]),
    ),
    "Examples:\n" + command.examples.map(({ help, line }) =>
      // Long lines continue after a backslash, so that they can be pasted.
      `  # ${help}\n  ${wrap(line, width - 6).join(" \\\n    ")}`
    ).join("\n"),
  ].join("\n\n") + "\n";

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
