import { parseArgs } from "node:util";
import { didYouMean } from "../display/text/nearest.ts";
import {
  type Command,
  type Given,
  type Option,
  UsageError,
} from "./command.ts";

/** Every command has this option. */
export const helpOption: Option = { short: "h", help: "Show this help" };

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} with the nearest name, for a mistyped one
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
    // Errors of parseArgs do not name the command or the nearest option.
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) {
      throw new UsageError(
        `dnpc ${command.name} has no option ${rawName}` +
          didYouMean(name, Object.keys(options), "--"),
      );
    }
    if (option.value && value === undefined) {
      throw new UsageError(`${rawName} needs a value: ${option.value}`);
    }
    if (!option.value && value !== undefined) {
      throw new UsageError(`${rawName} takes no value: ${option.help}`);
    }
    const before = values.get(name) ?? [];
    if (before.length > 0 && option.value && !option.many) {
      throw new UsageError(`${rawName} is given twice`);
    }
    values.set(name, [...before, value ?? ""]);
  }
  const places = values.has("help")
    ? new Map<string, string[]>()
    : argumentsByName(command, positionals);
  return givenOf(places, values);
}

function givenOf(
  places: ReadonlyMap<string, string[]>,
  options: ReadonlyMap<string, string[]>,
): Given {
  const values = (name: string) => options.get(name) ?? [];
  return {
    argument: (name) => places.get(name)![0]!,
    optional: (name) => places.get(name)?.[0],
    all: (name) => places.get(name) ?? [],
    has: (name) => options.has(name),
    value: (name) => values(name)[0],
    values,
    numbers: (name) =>
      values(name).map((text) => {
        const number = Number(text);
        if (text.trim() !== "" && !Number.isNaN(number)) return number;
        throw new UsageError(`--${name} takes a number, not "${text}"`);
      }),
    choice(name, names) {
      const [text] = values(name);
      const found = names.find((known) => known === text);
      if (text === undefined || found !== undefined) return found;
      throw new UsageError(
        `--${name} takes ${names.slice(0, -1).join(", ")} or ` +
          `${names.at(-1)}, not "${text}"${didYouMean(text, names)}`,
      );
    },
  };
}

function argumentsByName(
  { name: command, arguments: expected }: Command,
  given: readonly string[],
): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const rest = [...given];
  for (const { name, help, optional, many } of expected) {
    if (rest.length === 0 && !optional) {
      throw new UsageError(`dnpc ${command} needs ${name}: ${help}`);
    }
    if (rest.length > 0) {
      places.set(name, rest.splice(0, many ? rest.length : 1));
    }
  }
  if (rest.length === 0) return places;
  throw new UsageError(
    `dnpc ${command} takes ${expected.map(({ name }) => name).join(" ")}; ` +
      `"${rest[0]}" is one too many`,
  );
}
