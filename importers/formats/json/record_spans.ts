import type { RecordReader } from "../format.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { memberOf, textOf } from "./members.ts";

/** Spans that the records of a JSON log tell of. */
export interface JsonSpanRule {
  /** The type of the spans. */
  type: string;
  /** By the name of an attribute, the member: what identifies the span. */
  identity: ReadonlyMap<string, string>;
  /** By the name of an attribute, the member: what else is said of the span. */
  says: ReadonlyMap<string, string>;
  /** The member with the name of the event. */
  event: string | undefined;
}

/**
 * Makes spans and events of records, as rules say. Without a rule there is
 * nothing more to understand of a record.
 */
export function recordSpans(
  writer: SpanWriter,
  rules: readonly JsonSpanRule[],
): RecordReader {
  const kinds = rules.map((rule) => ({
    ...rule,
    kind: writer.kind(rule.type, {}, [...rule.identity.keys()]),
  }));
  return {
    read(record) {
      const members = record.members ?? {};
      let isTold = kinds.length === 0;
      for (const { kind, identity, says, event } of kinds) {
        const values = [...identity.values()]
          .map((name) => textOf(memberOf(members, name)));
        if (!values.every((value) => value !== undefined)) continue;
        isTold = true;
        const id = kind.id(...values);
        const more = says.entries().map(([attribute, name]) => [
          attribute,
          textOf(memberOf(members, name)),
        ]);
        if (says.size) writer.add(id, Object.fromEntries(more));
        const named = event && textOf(memberOf(members, event));
        if (named) writer.event(id, named, record);
        else writer.message(id, record.message, record);
      }
      return isTold ? "matched" : "unmatched";
    },
  };
}
