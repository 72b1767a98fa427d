import { count, counted, plural } from "../../display/text/format.ts";
import { cutText, style } from "../drawing/style.ts";
import type { StepRowsLeft } from "../rows/step_rows.ts";

export { count, counted, plural };

/** A caption from the sentences that apply. */
export const sentences = (
  ...all: (string | false | undefined | readonly string[])[]
): string => all.flat().filter(Boolean).join(" ");

/** A count, its noun, and the rest of the sentence in the singular. */
type Note = readonly [count: number, noun: string, rest: string];

/** A sentence for each count above 0: "2 rows have no end." */
export const notes = (...all: readonly Note[]): string[] =>
  all.filter(([count]) => count > 0).map(([count, noun, rest]) =>
    `${counted(count, noun)} ${count === 1 ? rest : verbOfMany(rest)}.`
  );

/** The text with its verb in the plural. */
const verbOfMany = (text: string): string =>
  text.replace(/^is\b/, "are").replace(/^has\b/, "have")
    .replace(/^((?:of 0 s )?(?:start|end|run))s\b/, "$1");

/** Sentence about rows that are not in the chart, if there are any. */
export const rowsWithoutTime = (count: number, noun = "row"): string[] =>
  notes([count, noun, "without a time left out"]);

/** Sentences about rows of steps or states that are not in the chart. */
export const rowsLeftOut = (
  { withoutTime, withoutStep, unnamed }: StepRowsLeft,
): string[] =>
  notes(
    [unnamed, "event", "without a name left out"],
    [withoutStep, "row", "without a step left out"],
    [withoutTime, "row", "without a time left out"],
  );

/** A name for a sentence, cut if it is long. */
export function named(name: string): string {
  return cutText(name.replace(/\s+/g, " ").trim(), style.textSize, 260);
}
