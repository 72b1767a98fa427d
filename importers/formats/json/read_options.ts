import type {
  JsonLogOptions,
  JsonSpan,
  MemberNames,
} from "./json_log_options.ts";
import { sha256 } from "../../container/sha256.ts";
import type { JsonSpanRule } from "./record_spans.ts";
import type { RecordsLogOptions } from "./records_log.ts";

/**
 * How records are read, as a user's options have it. Where no option says how,
 * there is no variant.
 *
 * @throws {TypeError} if spans have no type, or nothing identifies them.
 */
export function recordsOptions(
  { time, message, spans = [], ...one }: JsonLogOptions,
): RecordsLogOptions {
  const rules = [...spans, ...spanOf(one)].map(ruleOf);
  if (time === undefined && message === undefined && rules.length === 0) {
    return {};
  }
  const written = JSON.stringify([
    time,
    message,
    rules.map(({ type, identity, says, event }) => [
      ...[type, [...identity], [...says], event],
    ]),
  ]);
  const hash = sha256().update(written).digest("hex").slice(0, 8);
  return { variant: hash, time, message, spans: rules };
}

function spanOf(
  { span, identity, event, says }: Partial<JsonSpan>,
): JsonSpan[] {
  if (span === undefined && identity === undefined) return [];
  if (span === undefined || identity === undefined) {
    throw new TypeError(
      "span, the type of the spans, and identity, the members that tell one " +
        "from another, are given together",
    );
  }
  return [{
    span,
    identity,
    ...event === undefined ? {} : { event },
    ...says === undefined ? {} : { says },
  }];
}

function ruleOf(given: JsonSpan): JsonSpanRule {
  const { span, identity, event, says = [] } = given;
  if (typeof span !== "string" || identity === undefined) {
    throw new TypeError(
      "each of spans is { span, identity, event?, says? }, not " +
        JSON.stringify(given),
    );
  }
  const names = namesOf(identity);
  if (names.size === 0) {
    throw new TypeError(`the identity of ${span} names no member`);
  }
  return { type: span, identity: names, says: namesOf(says), event };
}

function namesOf(names: MemberNames): Map<string, string> {
  if (typeof names !== "object" && typeof names !== "string" || !names) {
    throw new TypeError(`expected names of members, not ${names}`);
  }
  if (typeof names === "string") return new Map([[names, names]]);
  return new Map(
    Array.isArray(names)
      ? names.map((name) => [name, name])
      : Object.entries(names),
  );
}
