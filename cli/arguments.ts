import { parseArgs } from "node:util";
import { didYouMean } from "../display/text/nearest.ts";
import { type Command, isMany } from "./command.ts";
import { UsageError } from "./errors.ts";
import { Given } from "./given.ts";

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} with the nearest name, for a mistyped one
 */
export function parseArguments(
  command: Command,
  args: readonly string[],
): Given {
  const { options } = command;
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { hasValue, short }]) => [
        name,
        { type: hasValue ? "string" : "boolean", ...(short && { short }) },
      ]),
    ),
    // Errors of parseArgs do not name the command or the nearest option.
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const texts = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) {
      throw new UsageError(
        `dnpc ${command.name} has no option ${rawName}` +
          didYouMean(name, Object.keys(options), "--"),
      );
    }
    const { hasValue, usage, help } = option;
    if (hasValue && value === undefined) {
      throw new UsageError(`${rawName} needs a value: ${usage}`);
    }
    if (!hasValue && value !== undefined) {
      throw new UsageError(`${rawName} takes no value: ${help}`);
    }
    if (texts.has(name) && hasValue && !isMany(option)) {
      throw new UsageError(`${rawName} is given twice`);
    }
    texts.getOrInsertComputed(name, () => []).push(value ?? "");
  }
  if (!texts.has("help")) addPositionals(texts, command, positionals);
  return new Given(texts);
}

function addPositionals(
  texts: Map<string, string[]>,
  { name: command, arguments: expected }: Command,
  rest: string[],
): void {
  for (const argument of expected) {
    const { name, usage, help } = argument;
    if (rest.length > 0) {
      texts.set(name, rest.splice(0, isMany(argument) ? rest.length : 1));
    } else if (!usage.startsWith("[")) {
      throw new UsageError(`dnpc ${command} needs ${name}: ${help}`);
    }
  }
  if (rest.length === 0) return;
  throw new UsageError(
    `dnpc ${command} takes ${expected.map(({ name }) => name).join(" ")}; ` +
      `"${rest[0]}" is one too many`,
  );
}
