import about from "../deno.json" with { type: "json" };
import { Interrupted } from "../display/interrupt.ts";
import { didYouMean } from "../display/text/nearest.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, commandHelp, generalHelp } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodes, isExpected, UsageError } from "./errors.ts";
import { say, standardOutput } from "./output.ts";

export { exit } from "./signals.ts";

/** Runs `dnpc` with these arguments and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await perform(args);
  } catch (error) {
    if (error instanceof UsageError) {
      // Typed text in a message stays on one line.
      say(error.message.replace(/\s+/g, " "));
      return exitCodes.cannotJudge;
    }
    if (error instanceof Interrupted) {
      say("ended by a signal: nothing half done remains");
      return error.exitCode;
    }
    if (!isExpected(error)) return reportFault(error);
    say(error.message);
    return exitCodes.cannotJudge;
  }
}

/** Prints an error that no user can have caused; returns the exit code. */
export function reportFault(error: unknown): number {
  const { build: { os }, version: { deno } } = Deno;
  const stack = error instanceof Error ? error.stack : error;
  say(
    `this is a fault of dnpc itself. Please report the command and these lines:
dnpc ${about.version}, Deno ${deno}, ${os}
${stack}`,
  );
  return exitCodes.fault;
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
