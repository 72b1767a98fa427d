import { counted } from "../../display/text/format.ts";

/** Attributes of an event, as the importers write them. */
export type EventAttributes = Record<string, unknown>;

/** Attributes from JSON; none if it is no object. */
export function attributesIn(json: string | null): EventAttributes {
  try {
    return JSON.parse(json ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** "ValueError: disk full"; null if the attributes name no exception. */
export const exceptionTextOf = (
  { exception, exception_message }: EventAttributes,
): string | null =>
  [exception, exception_message]
    .filter((text) => typeof text === "string").join(": ") || null;

/**
 * The lines that continue an event's, folded to their exception and their
 * number: "ValueError: disk full (4 more lines)". Undefined if there are none.
 */
export function foldedLines(attributes: EventAttributes): string | undefined {
  const { more, more_cut } = attributes;
  if (typeof more !== "string") return undefined;
  const lines = more.split("\n").length + Number(more_cut ?? 0);
  return `${exceptionTextOf(attributes) ?? ""} (${counted(lines, "more line")})`
    .trimStart();
}
