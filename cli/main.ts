import about from "../deno.json" with { type: "json" };
import { parseArguments } from "./arguments.ts";
import { type Command, exitCodes } from "./command.ts";
import { commands } from "./commands.ts";
import { isExpected, UsageError } from "./errors.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { nearest } from "../display/text/nearest.ts";
import { say } from "./output/say.ts";
import { standardOutput } from "./output/sink.ts";
import { visible } from "../display/text/untrusted.ts";

/**
 * Does what somebody typed behind `dnpc`.
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await perform(args);
  } catch (error) {
    if (error instanceof UsageError) {
      say(error.message);
      return exitCodes.usage;
    }
    say(isExpected(error) ? error.message : stackOf(error));
    return exitCodes.error;
  }
}

async function perform(
  [name, ...args]: readonly string[],
): Promise<number> {
  if (name === undefined) {
    say("what shall it be? `dnpc --help` lists the commands");
    return exitCodes.usage;
  }
  if (name === "--version" || name === "-V") {
    return print(`dnpc ${about.version}\n`);
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const [of] = args;
    return print(
      of === undefined || of.startsWith("-")
        ? generalHelp(commands)
        : commandHelp(commandOf(of)),
    );
  }
  const command = commandOf(name);
  const given = parseArguments(command, args);
  if (given.has("help")) return print(commandHelp(command));
  return await command.run(given) ?? exitCodes.success;
}

function commandOf(name: string): Command {
  const command = commands.find((command) => command.name === name);
  if (command) return command;
  const meant = nearest(name, commands.map(({ name }) => name));
  throw new UsageError(
    `there is no command "${visible(name)}". ` +
      (meant ? `Did you mean ${meant}? ` : "") +
      "`dnpc --help` lists the commands",
  );
}

function print(text: string): number {
  using out = standardOutput();
  out.write(text);
  return exitCodes.success;
}

// An error that nobody expected is one of dnpc.
const stackOf = (error: unknown) =>
  `a fault in dnpc itself: ${error instanceof Error ? error.stack : error}`;
