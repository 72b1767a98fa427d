import about from "../deno.json" with { type: "json" };
import { didYouMean } from "../display/text/nearest.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, commandHelp, generalHelp } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodes, isExpected, UsageError } from "./errors.ts";
import { say, standardOutput } from "./output.ts";

/** Runs `dnpc` with these arguments and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await perform(args);
  } catch (error) {
    if (error instanceof UsageError) {
      // Typed text in a message stays on one line.
      say(error.message.replace(/\s+/g, " "));
      return exitCodes.usage;
    }
    say(isExpected(error) ? error.message : `a bug in dnpc: ${stackOf(error)}`);
    return exitCodes.error;
  }
}

async function perform([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) {
    throw new UsageError("no command given; `dnpc --help` lists the commands");
  }
  if (name === "--version" || name === "-V") {
    return print(`dnpc ${about.version}\n`);
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const [of] = args;
    return print(
      of === undefined || of.startsWith("-")
        ? generalHelp(commands)
        : commandHelp(commandNamed(of)),
    );
  }
  const command = commandNamed(name);
  const given = parseArguments(command, args);
  if (given.has("help")) return print(commandHelp(command));
  return await command.run(given) ?? exitCodes.success;
}

function commandNamed(name: string): Command {
  const command = commands.find((command) => command.name === name);
  if (command) return command;
  throw new UsageError(
    `there is no command "${name}"` +
      (didYouMean(name, commands.map(({ name }) => name)) || ".") +
      " `dnpc --help` lists the commands",
  );
}

function print(text: string): number {
  using out = standardOutput();
  out.write(text);
  return exitCodes.success;
}

const stackOf = (error: unknown) =>
  error instanceof Error ? error.stack : error;
