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
