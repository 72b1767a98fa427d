import { wrap } from "../display/text/width.ts";
import type { Given, Manual } from "./arguments.ts";

/** A command as data, for the parser, the help and the tests. */
export interface Command extends Manual {
  /** Returns the exit code, if it is not 0. */
  run(given: Given): Promise<number | void>;
}

/**
 * A command from the text of its help: "NAME: summary", paragraphs, and the
 * sections "Arguments:", "Options:" and "Examples:". Two spaces divide an
 * argument or option from its description.
 *
 * @param shared arguments that come first and options that come last
 */
export function command(
  text: string,
  run: Command["run"],
  shared: { arguments?: string; options?: string } = {},
): Command {
  const [title = "", ...paragraphs] = text.trim()
    .replace(/^[ \t]+/gm, "").split(/\n{2,}/);
  const [, name = "", summary = ""] = /^(\S+): ([^]*)$/.exec(title) ?? [];
  const section = (heading: string) =>
    paragraphs.find((text) => text.startsWith(`${heading}:\n`))
      ?.slice(heading.length + 1) ?? "";
  return {
    name,
    summary: oneLine(summary),
    about: paragraphs.filter((text) => !/^[A-Z]\w+:\n/.test(text)).map(oneLine),
    arguments: describedIn(`${shared.arguments ?? ""}\n${section("Arguments")}`)
      .map((it) => ({ ...it, name: it.usage.replace(/^\[|\.\.\.|\]$/g, "") })),
    options: Object.fromEntries(
      describedIn(`${section("Options")}\n${shared.options ?? ""}
        -h, --help  Show this help`).map((it) => {
        const [, short, name, value] =
          /^(?:-(\w), )?--([\w-]+)( \S+)?/.exec(it.usage) ?? [];
        return [name, { ...it, short, hasValue: value !== undefined }];
      }),
    ),
    examples: [...section("Examples").matchAll(/^# (.*)\n([^#]+)/gm)]
      .map(([, help, line]) => ({ help: help!, line: oneLine(line!) })),
    run,
  };
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, " ");

/** Descriptions may continue on further lines. */
const describedIn = (text: string): { usage: string; help: string }[] =>
  [...text.matchAll(/^ *(\S.*?) {2,}(\S.*(?:\n(?!.*\S {2,}).*)*)/gm)]
    .map(([, usage, help]) => ({ usage: usage!, help: oneLine(help!) }));

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
log, or - for one of these on standard input. Such data is first imported into
memory; nothing is written. DATA can also be a campaign, the directory that
\`dnpc import --to parquet\` writes: most commands ask about one of its runs,
which --run names.

Data goes to stdout, messages to stderr. Rows are a table in a terminal, and
tab-separated lines for cut, sort and awk in a pipe or a file, unless --format
or the file name after -o asks for another format.

Exit codes:
  0    success
  1    a check failed, and nothing else: dnpc gate, --fail-above, --fail-below,
       --strict
  125  nothing could be judged: a mistyped command, a missing file, wrong SQL,
       no data; \`git bisect run\` skips the commit
  70   a fault of dnpc itself, which prints what to report
  130, 143  ended by Ctrl-C or SIGTERM: what was whole is kept

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
  const left = rows.reduce(
    (max, [name]) => Math.min(26, Math.max(max, name.length)),
    0,
  );
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
