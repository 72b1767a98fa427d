import { exitCodes, type Given, type Option } from "./command.ts";
import { isExpected, UsageError } from "./errors.ts";
import { say } from "./output/say.ts";

/** What a command takes that checks a number. */
export const checkOptions: Readonly<Record<string, Option>> = {
  "fail-above": {
    value: "NUMBER",
    says:
      "Exit with 1 if the statistic is above NUMBER, with 125 if there is " +
      "nothing to make it of",
  },
  "fail-below": { value: "NUMBER", says: "The same, if it is below" },
};

const names = ["fail-above", "fail-below"];

/** Whether a number is to be checked. */
export const isCheck = (given: Given): boolean => names.some(given.has);

/**
 * Whether a number is within its limits, said in words.
 *
 * @returns the exit code
 */
export function check(
  given: Given,
  name: string,
  value: number | null | undefined,
): number {
  const above = limit(given, "fail-above");
  const below = limit(given, "fail-below");
  if (value === null || value === undefined) {
    say(`there is nothing to make ${name} of, so it cannot be checked`);
    return exitCodes.cannotTest;
  }
  const wrong = above !== undefined && value > above
    ? `above ${above}`
    : below !== undefined && value < below
    ? `below ${below}`
    : undefined;
  say(`${name} is ${value}, ${wrong ? `${wrong}: failed` : "as it should be"}`);
  return wrong ? exitCodes.failedCheck : exitCodes.success;
}

/**
 * The limits, read before the work is done.
 *
 * @throws {UsageError} if one is no number
 */
export function checkLimits(given: Given): void {
  for (const name of names) limit(given, name);
}

function limit(given: Given, name: string): number | undefined {
  const text = given.value(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && !Number.isNaN(value)) return value;
  throw new UsageError(`--${name} takes a number, not "${text}"`);
}

/**
 * Does work that leads to a check. What goes wrong then is no verdict: to
 * `git bisect run` any code but 125 would say that the commit is bad.
 */
export async function cannotTestOnError(
  given: Given,
  work: () => Promise<number | void>,
): Promise<number | void> {
  try {
    return await work();
  } catch (error) {
    if (!isCheck(given) || !isExpected(error)) throw error;
    say(error.message);
    return exitCodes.cannotTest;
  }
}
