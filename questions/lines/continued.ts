import { counted } from "../../display/text/format.ts";
import { exceptionTextOf } from "../../display/text/story.js";

/**
 * The lines that continue an event's, folded to their exception and their
 * number: "ValueError: disk full (4 more lines)". Undefined if there are none.
 */
export function foldedLines(
  attributes: Record<string, unknown>,
): string | undefined {
  const { more, more_cut } = attributes;
  if (typeof more !== "string") return undefined;
  const lines = more.split("\n").length + Number(more_cut ?? 0);
  return `${exceptionTextOf(attributes) ?? ""} (${counted(lines, "more line")})`
    .trimStart();
}
