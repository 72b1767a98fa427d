import {
  count,
  counted,
  moment,
  secondsText,
} from "../../display/text/format.ts";
import type { Listing, ListingEntry } from "../../display/text/listing.ts";
import type { Failure } from "./failure.ts";

/**
 * Causes of failures as text to read, by run; undefined for rows of another
 * shape.
 *
 * @param all a sentence about the failures of all runs, if they are several
 * @param headings by run, a sentence about all its failures, and how many causes
 * it is about
 */
export function failuresListing(
  rows: readonly Partial<Failure>[],
  all: string | undefined,
  headings: ReadonlyMap<string | null, { text: string; causes: number }>,
  max: number,
  of: "db" | "campaign",
): Listing | undefined {
  if (!rows.every(isFailure)) return undefined;
  if (rows.length === 0) {
    return { sections: [], caption: "No log names a failure." };
  }
  const shown = rows.slice(0, Math.max(maxCauses, max / linesOfCause));
  const sections = [...Map.groupBy(shown, ({ run }) => run)].map(
    ([run, causes]) => {
      const heading = headings.get(run);
      const days = new Set(
        causes.flatMap(({ first, last }) =>
          [first, last].flatMap((time) => time === null ? [] : dayOf(time))
        ),
      );
      const [day] = days;
      return {
        heading: run === null ? "Failures" : `Run ${run}`,
        lines: [
          ...heading?.causes === causes.length ? [heading.text] : [],
          ...day === undefined
            ? []
            : [days.size > 1 ? "Times in UTC" : `${day}, times in UTC`],
        ],
        entries: causes.map((cause) => entryOf(cause, days.size > 1)),
      };
    },
  );
  const more = rows.length - shown.length;
  const task = shown.find(({ task }) => task !== null);
  return {
    sections: all === undefined || sections.length < 2
      ? sections
      : [{ heading: all, lines: [], entries: [] }, ...sections],
    caption: [
      ...more > 0 ? [`${counted(more, "more cause")}.`] : [],
      ...shown.some(({ traceback }) => traceback !== null)
        ? [
          `Tracebacks: ${
            of === "db" ? "failures(db)" : "(await failures(campaign))"
          }[0].traceback, or --format json.`,
        ]
        : [],
      ...task ? [`All about a task: ${storyOf(task, of)}.`] : [],
    ].join("\n"),
  };
}

const maxCauses = 50;
/** About as many as entries of other listings. */
const linesOfCause = 8;
/** Characters; a traceback ends with its exception. */
const maxTraceback = 20_000;

const isFailure = (row: Partial<Failure>): row is Failure =>
  row.such_as !== undefined && row.failed_tasks !== undefined &&
  row.tries !== undefined && row.run !== undefined;

const dayOf = (time: number): string => moment(time).slice(0, 10);

const storyOf = ({ run, task }: Failure, of: "db" | "campaign"): string =>
  (of === "campaign"
    ? `story(await campaign.database("${run}"), { task: "${task}" }), or `
    : `story(db, { ${
      run === null ? "" : `run: "${run}", `
    }task: "${task}" }), or `) +
  `dnpc story DATA ${run === null ? "" : `run=${run} `}task=${task}`;

function entryOf(cause: Failure, hasDays: boolean): ListingEntry {
  const { exception, message, example, such_as, traceback } = cause;
  const clock = (time: number) =>
    hasDays ? moment(time) : moment(time).slice(11);
  const { first, last } = cause;
  const times = first === null || last === null
    ? ""
    : clock(first) === clock(last)
    ? `at ${clock(first)}`
    : `${clock(first)} to ${clock(last)}`;
  const places = [
    cause.apps &&
    `${/,| and /.test(cause.apps) ? "apps" : "app"} ${cause.apps}`,
    cause.hosts && `on ${cause.hosts}`,
    times,
  ];
  return {
    cells: [howMany(cause)],
    note: [exception, message].filter((text) => text !== null).join(": ") ||
      "No log says why",
    text: [
      amounts(cause),
      places.filter(Boolean).join("; "),
      `such as ${such_as}` +
      (example === null || example === message
        ? ""
        : `: ${beginningOf(example)}`),
    ].filter(Boolean).join("\n"),
    more: traceback === null ? undefined : {
      text: traceback.length > maxTraceback
        ? `…\n${traceback.slice(-maxTraceback)}`
        : traceback,
      summary: such_as.startsWith("block") ? "its output" : "its traceback",
      isOnDemand: true,
    },
  };
}

function howMany(
  { failed_tasks, recovered_tasks, blocks, tries }: Failure,
): string {
  if (failed_tasks > 0) return `${count(failed_tasks)} failed`;
  if (recovered_tasks > 0) return `${count(recovered_tasks)} recovered`;
  if (blocks > 0) return counted(blocks, "block");
  return tries > 0 ? counted(tries, "try", "tries") : "";
}

function amounts(
  {
    failed_tasks,
    recovered_tasks,
    dependents,
    blocks,
    block_ends,
    tries,
    worker_seconds,
  }: Failure,
): string {
  return [
    tries > 0 && counted(tries, "try", "tries"),
    dependents > 0 &&
    `${counted(dependents, "task")} failed because another did`,
    failed_tasks > 0 && recovered_tasks > 0 &&
    `${counted(recovered_tasks, "task")} succeeded when tried again`,
    blocks > 0 && tries > 0 &&
    `${counted(blocks, "block")} failed` + (block_ends && `: ${block_ends}`),
    blocks === 0 && block_ends && `lost with their block: ${block_ends}`,
    worker_seconds > 0 &&
    `${secondsText(worker_seconds)} of workers lost`,
  ].filter(Boolean).join("; ");
}

const maxLines = 6;

/** Error output may be an example, too. */
function beginningOf(example: string): string {
  const lines = example.split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length > maxLines
    ? [...lines.slice(0, maxLines), "…"].join("\n")
    : lines.join("\n");
}
