import type { Reading } from "../formats/format.ts";
import { numberOf } from "./number_text.ts";
import { messagePattern } from "./message_pattern.ts";
import type { LogRecord } from "./prefix.ts";
import type { SpanKind } from "../store/span_table.ts";
import type { SpanWriter } from "../store/span_writer.ts";

// ... METRIC STRATEGY htex_Local active_tasks=3 running_blocks=2
// The type of a span, what identifies it, and numbers by their names.
const metricLine = messagePattern(/(?:^|\s)METRIC (\S+) (\S+) (.*)$/s);

const isMetric = messagePattern(/METRIC /);

// What the ids are of types that are known: as others have it, who tell of the
// same thing.
const identities: ReadonlyMap<string, string> = new Map([
  ["COUNTED_DEPS", "task"],
  ["GATHERED_DEPS", "task"],
  ["STRATEGY", "executor"],
  ["parsl.rundir.task", "task"],
  ["parsl.executor", "executor"],
]);

/**
 * Reads METRIC lines: each names the type of a span and the id of one, which is
 * unique in its log, and numbers. The span is of that type, identified by where
 * the log lies and by its id; the type is the family of the numbers too. A line
 * with a number that cannot be stored counts as malformed, and its other numbers
 * are kept. Undefined of other lines.
 */
export function metricLineReader(
  writer: SpanWriter,
  shared: Record<string, string>,
): (record: LogRecord) => Reading | undefined {
  const kinds = new Map<string, SpanKind>();
  const kindOf = (type: string): SpanKind => {
    let kind = kinds.get(type);
    if (!kind) {
      const name = identities.get(type);
      // Such an id is the same all over the run.
      const place = name ? { rundir: shared.rundir! } : shared;
      kind = writer.kind(type, place, [name ?? "id"]);
      kinds.set(type, kind);
    }
    return kind;
  };
  return (record) => {
    // Nearly all lines are others.
    if (!isMetric.test(record)) return undefined;
    const parts = metricLine.exec(record);
    // Not in the pattern: it would be looked for behind each METRIC there is.
    if (!parts?.[3]?.includes("=")) return undefined;
    const [, type, name, said] = parts as unknown as string[];
    const id = kindOf(type!).id(name!);
    writer.message(id, record.message, record);
    let isBroken = false;
    for (const pair of said!.trim().split(/\s+/)) {
      const [, number, text] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
      const value = text === undefined ? undefined : numberOf(text);
      if (value === undefined) isBroken = true;
      else writer.metric(id, type!, number!, value, record);
    }
    return isBroken ? "malformed" : "matched";
  };
}
