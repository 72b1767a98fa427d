import { createHash } from "node:crypto";
import { type Database, type Sql, sql } from "dnpc/sql";
import { counted } from "../../display/text/format.ts";
import { jsonText } from "../formats.ts";
import { say, type Sink } from "../output.ts";

/**
 * Writes spans in the JSON of OpenTelemetry's protocol, one per line, as its file
 * exporters do: with their named events, the span that they are in, and links to
 * the others.
 *
 * @param wanted condition on the table span
 */
export function writeOtlp(db: Database, wanted: Sql, out: Sink): void {
  const kinds = kindsOf(db);
  // Once, because a span can have any number of events without a name.
  const timed = new Set(
    db.query<{ id: number }>(
      sql`SELECT DISTINCT span_id AS id FROM event WHERE ${isTimed}`,
    ).map(({ id }) => id),
  );
  let timeless = 0;
  for (const span of spansIn(db, wanted)) {
    if (span.events.length === 0) timeless++;
    else {
      const related = relatedOf(db, wanted, span.id)
        .filter(({ id }) => timed.has(id));
      if (!out.write(`${jsonText(batchOf(span, related, kinds))}\n`)) return;
    }
  }
  if (timeless === 0) return;
  const spans = counted(timeless, "span");
  say(`left out ${spans} without a named event that has a time`);
}

/** A span as the database has it. */
interface Span {
  id: number;
  type: string;
  key: string;
  attributes: Attributes;
  events: SpanEvent[];
}

interface SpanEvent {
  type: string;
  time: number;
  attributes: Attributes;
}

type Attributes = Record<string, unknown>;

const isTimed = sql`named = 1 AND time >= 0`;

function* spansIn(db: Database, wanted: Sql): Generator<Span> {
  const rows = db.iterate<{
    id: number;
    type: string;
    key: string;
    attributes: string;
    event: string | null;
    time: number;
    details: string | null;
  }>(
    sql`SELECT span.id, span.type, key, span.attributes, event.type AS event,
      time, event.attributes AS details
    FROM span LEFT JOIN event ON span_id = span.id AND ${isTimed}
    WHERE ${wanted}
    ORDER BY span.id, time, event.id`,
  );
  let span: Span | undefined;
  for (const { id, type, key, attributes, event, time, details } of rows) {
    if (span?.id !== id) {
      if (span) yield span;
      span = { id, type, key, attributes: JSON.parse(attributes), events: [] };
    }
    if (event === null) continue;
    span.events.push({
      type: event,
      time,
      attributes: JSON.parse(details ?? "{}"),
    });
  }
  if (span) yield span;
}

/** Another span, and how it is related: the best parent comes first. */
type Related = Omit<Span, "events"> & { relation: string };

/** The wanted spans that a span is in or equals. */
const relatedOf = (db: Database, wanted: Sql, id: number): Related[] =>
  db.query<Omit<Related, "attributes"> & { attributes: string }>(
    sql`SELECT DISTINCT span.id, span.type, key, attributes, relation
    FROM (
        SELECT superspan_id AS other, 'in' AS relation
        FROM subspan WHERE subspan_id = ${id}
        UNION SELECT left_id, 'equals' FROM facet WHERE right_id = ${id}
        UNION SELECT right_id, 'equals' FROM facet WHERE left_id = ${id}
      ) JOIN span ON span.id = other
      LEFT JOIN span_kind ON span_kind.type = span.type
    WHERE ${wanted}
    ORDER BY relation = 'in' DESC, role = 'try' DESC, role = 'task' DESC, span.id`,
  ).map((row) => ({ ...row, attributes: JSON.parse(row.attributes) }));

/** By span type, what formats know about it. */
type Kinds = ReadonlyMap<string, {
  format: string;
  /** Whether its identity is that of OpenTelemetry's spans. */
  isOwn: boolean;
  /** Events that end a span. */
  final: readonly string[];
}>;

const kindsOf = (db: Database): Kinds =>
  new Map(
    db.query<{ type: string; format: string; identity: string; final: string }>(
      `SELECT type, format, identity, (
         SELECT json_group_array(event_type) FROM event_kind
         WHERE span_type = type AND final) AS final
       FROM span_kind`,
    ).map(({ type, format, identity, final }) => [type, {
      format,
      isOwn: identity === '["trace_id","span_id"]',
      final: JSON.parse(final),
    }]),
  );

/** Attributes that the protocol has members for. */
const members: ReadonlySet<string> = new Set([
  "trace_id",
  "span_id",
  "parent_span_id",
  "name",
  "kind",
  "status",
  "status_message",
  "links",
  "service",
  "service.name",
  "scope",
  "exception",
  "exception_message",
  "exception_causes",
]);

const kindNames = ["", "internal", "server", "client", "producer", "consumer"];

function batchOf(span: Span, related: readonly Related[], kinds: Kinds) {
  const { type, attributes, events } = span;
  const { format = "dnpc", isOwn = false, final = [] } = kinds.get(type) ?? {};
  const ids = idsOf(span, kinds);
  const parent = related.find((other) =>
    other.relation === "in" && idsOf(other, kinds).traceId === ids.traceId
  );
  const parentSpanId = parent
    ? idsOf(parent, kinds).spanId
    : isOwn
    ? attributes.parent_span_id
    : undefined;
  const isEnded = final.length === 0 ||
    events.some(({ type }) => final.includes(type));
  const others = related.filter((other) => other !== parent)
    .map((other) => ({
      ...idsOf(other, kinds),
      attributes: pairs({ "dnpc.relation": other.relation }),
    }));
  const resource = isOwn
    ? attributes.service === undefined
      ? {}
      : { "service.name": attributes.service }
    : { "service.name": format };
  const { rundir: _, ...own } = attributes;
  const kept = isOwn
    ? Object.entries(attributes).filter(([name]) => !members.has(name))
    : Object.entries({ "dnpc.type": type, ...own });
  const shown = isOwn
    ? events.filter(({ type }) => type !== "start" && type !== "end")
    : events;
  const [first, last] = [events[0]!, events.at(-1)!];
  return {
    resourceSpans: [{
      resource: { attributes: pairs(resource) },
      scopeSpans: [{
        scope: { name: isOwn ? attributes.scope : "dnpc" },
        spans: [{
          ...ids,
          parentSpanId,
          name: String(attributes.name ?? attributes.app ?? type),
          kind: isOwn ? codeOf(kindNames, attributes.kind) : 1,
          startTimeUnixNano: nanoseconds(first.time),
          ...isEnded && { endTimeUnixNano: nanoseconds(last.time) },
          attributes: pairs(Object.fromEntries(kept)),
          events: shown.map(({ type, time, attributes }) => ({
            timeUnixNano: nanoseconds(time),
            name: type,
            attributes: pairs(
              isOwn ? exceptionAttributes(attributes) : attributes,
            ),
          })),
          links: isOwn ? linksIn(attributes.links) : others,
          status: statusOf(attributes, isOwn),
        }],
      }],
    }],
  };
}

/**
 * Ids that are the same in every export: those of OpenTelemetry, or else hashes.
 * A trace has the spans of one run.
 */
function idsOf(
  { type, key, attributes }: Pick<Span, "type" | "key" | "attributes">,
  kinds: Kinds,
): { traceId: string; spanId: string } {
  const { trace_id, span_id, run, rundir, trace } = attributes;
  if (kinds.get(type)?.isOwn) {
    return { traceId: String(trace_id), spanId: String(span_id) };
  }
  return {
    traceId: hashOf(`run ${run ?? rundir ?? trace ?? ""}`, 32),
    spanId: hashOf(`${type}\0${key}`, 16),
  };
}

const hashOf = (text: string, digits: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/** As text, because of their size; all digits of the number that we have. */
const nanoseconds = (time: number): string =>
  time.toFixed(9).replace(".", "").replace(/^0+(?=\d)/, "");

function statusOf(attributes: Attributes, isOwn: boolean) {
  const { status, status_message, exception, exception_message } = attributes;
  if (!isOwn) {
    if (exception === undefined) return {};
    const message = [exception, exception_message].filter(Boolean).join(": ");
    return { code: 2, message };
  }
  const code = codeOf(["", "ok", "error"], status);
  return { ...code > 0 && { code }, message: status_message };
}

const codeOf = (names: readonly string[], name: unknown): number =>
  Math.max(0, names.indexOf(String(name ?? "")));

/** The attributes of a recorded exception, by their names in OpenTelemetry. */
function exceptionAttributes(attributes: Attributes): Attributes {
  const { exception, exception_message, exception_causes: _, more, ...others } =
    attributes;
  return {
    "exception.type": exception,
    "exception.message": exception_message,
    "exception.stacktrace": more,
    ...others,
  };
}

const linksIn = (links: unknown) =>
  (Array.isArray(links) ? links : []).map((
    { trace_id, span_id, ...attributes },
  ) => (
    { traceId: trace_id, spanId: span_id, attributes: pairs(attributes) }
  ));

const pairs = (attributes: Attributes) =>
  Object.entries(attributes).filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: valueOf(value) }));

/** A value of the protocol: an object whose only member names the type. */
function valueOf(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) {
    return { arrayValue: { values: value.map(valueOf) } };
  }
  if (typeof value === "number") {
    return Number.isSafeInteger(value)
      ? { intValue: String(value) }
      : { doubleValue: value };
  }
  if (value === null) return {};
  return { kvlistValue: { values: pairs(value as Attributes) } };
}
