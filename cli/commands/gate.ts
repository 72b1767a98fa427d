import { gate } from "dnpc/questions";
import { Given } from "../arguments.ts";
import { command } from "../command.ts";
import { openAsked, timeZoneOption } from "../data.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { jsonText } from "../formats.ts";
import { standardOutput, terminalSize } from "../output.ts";

export const gateCommand = command(
  `gate: Judge whether runs are slower than others, or fail more: for a CI

  Compares the runs of NEW with those of BASELINE: the time of a run, the mean
  time per task, each step that takes at least 5% of this time, and the share of
  tasks that failed or never ended. Prints a sentence with the verdict, then a
  table. The exit code is 0 if nothing exceeds its limit; 1 if something does; and
  125 if nothing can be judged, because no task ended, a file is missing, or the
  command is mistyped.

  Repeat the runs on both sides: then a limit must be exceeded by more than their
  spread, and a slow machine fails no build. With one run each, the spread is
  unknown. The time of a run is compared if both sides have as many tasks.

  Arguments:
  BASELINE  A database or a campaign from \`dnpc import\`, or what Parsl left
    behind: a directory, a tarball, a monitoring.db, a log. All its runs count
  NEW  The runs to judge, as any of these

  Options:
  --max-slower PERCENT  How much more time a run, a task or a step may take.
    Default: 10%
  --max-failed PERCENT  How much higher the share of tasks that fail or never end
    may be, in percentage points. Default: 0%
  --no-steps  Judge no single steps: time may move from one to another
  --json  Print it as an object: passed, verdict, notes, measures and so on
  ${timeZoneOption}

  Examples:
  # Exit with 1 if runs or tasks take over 20% more time, or more tasks fail
  dnpc gate before after --max-slower 20%
  # Keep the baseline as a database, and print what exceeds its limit
  dnpc import before -o baseline.sqlite3 -q &&
    dnpc gate baseline.sqlite3 after --json |
    jq -r '.measures[] | select(.result == "exceeded") | .measure'`,
  async (given) => {
    const options = {
      maxSlower: percentOf(given, "max-slower"),
      maxFailed: percentOf(given, "max-failed"),
      steps: !given.has("no-steps"),
    };
    const [baseline, runs] = ["BASELINE", "NEW"].map((name) =>
      given.argument(name)
    ) as [string, string];
    if (baseline === "-" && runs === "-") {
      throw new UsageError("standard input can be BASELINE or NEW, not both");
    }
    const open = (path: string) =>
      openAsked(new Given([...given, ["DATA", [path]]]));
    using before = await open(baseline);
    using after = await open(runs);
    const result = await gate(before, after, options);
    using out = standardOutput();
    out.write(
      (given.has("json")
        ? jsonText(result, 2)
        : result.toString(terminalSize()?.columns)) + "\n",
    );
    return result.passed ? exitCodes.success : exitCodes.failedCheck;
  },
);

/** @throws {UsageError} for anything but a percentage */
function percentOf(given: Given, option: string): number | undefined {
  const text = given.value(option);
  if (text === undefined) return undefined;
  const [, number] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) / 100;
  throw new UsageError(
    `--${option} takes a percentage such as 10%, not "${text}"`,
  );
}
