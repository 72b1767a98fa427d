import { parseArgs } from "node:util";
import type { Command, Given, Option } from "./command.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "../display/text/nearest.ts";
import { visible } from "../display/text/untrusted.ts";

/**
 * Reads what stands behind the name of a command.
 *
 * @throws {UsageError} that says what is wrong, with the nearest name
 */
export function parseArguments(
  command: Command,
  args: readonly string[],
): Given {
  const options: Record<string, Option> = {
    ...command.options,
    help: helpOption,
  };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => [
        name,
        { type: value ? "string" : "boolean", ...(short && { short }) },
      ]),
    ),
    // What is wrong is said in words of our own.
    ...{ strict: false, tokens: true, allowPositionals: true },
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw unknownOption(command, rawName, Object.keys(options));
    checkValue(rawName, option, value);
    const before = values.get(name) ?? [];
    if (before.length > 0 && option.value && !option.many) {
      throw new UsageError(`${rawName} is given twice`);
    }
    values.set(name, [...before, value ?? ""]);
  }
  const wantsHelp = values.has("help");
  const places = wantsHelp ? new Map() : placed(command, positionals);
  return {
    argument: (name) => places.get(name)![0]!,
    optional: (name) => places.get(name)?.[0],
    all: (name) => places.get(name) ?? [],
    value: (name) => values.get(name)?.[0],
    values: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
  };
}

/** Every command has it. */
export const helpOption: Option = { short: "h", says: "Say this" };

function checkValue(
  name: string,
  { value: placeholder, says }: Option,
  value: string | undefined,
): void {
  if (placeholder && value === undefined) {
    throw new UsageError(`${name} needs a value: ${name} ${placeholder}`);
  }
  if (!placeholder && value !== undefined) {
    throw new UsageError(`${name} takes no value: ${says}`);
  }
}

function unknownOption(
  { name: command }: Command,
  given: string,
  names: string[],
): UsageError {
  const meant = nearest(given.replace(/^-+/, ""), names);
  return new UsageError(
    `dnpc ${command} has no option ${visible(given)}` +
      (meant ? `. Did you mean --${meant}?` : ""),
  );
}

/** The arguments by their names. */
function placed(
  { name: command, arguments: expected }: Command,
  given: readonly string[],
): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const rest = [...given];
  for (const { name, says, optional, many } of expected) {
    if (rest.length === 0 && !optional) {
      throw new UsageError(`dnpc ${command} needs ${name}: ${says}`);
    }
    if (rest.length > 0) {
      places.set(name, rest.splice(0, many ? rest.length : 1));
    }
  }
  if (rest.length > 0) {
    throw new UsageError(
      `dnpc ${command} takes no more than ` +
        `${expected.map(({ name }) => name).join(" ")}; ` +
        `"${visible(rest[0]!)}" is one too many`,
    );
  }
  return places;
}
