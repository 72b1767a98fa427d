import { didYouMean, nearest } from "../../display/text/nearest.ts";
import { listed, listedFor, quoted } from "../../display/text/mistakes.ts";
import {
  jsonPath,
  type Queryable,
  spanSql as sql,
  type Sql,
} from "../../sql/mod.ts";
import { components } from "./components.ts";

/** Names in the options of a question. */
interface Names {
  /** Types of spans. */
  types?: readonly string[] | undefined;
  /** Types of events, of whichever span. */
  eventTypes?: readonly string[] | undefined;
  components?: readonly string[] | undefined;
  /** Types of events with those of their spans. */
  events?: readonly { span: string; event: string }[] | undefined;
  /** Attributes of the spans of a type; undefined if that is unknown. */
  attributes?: readonly string[] | undefined;
  attributesOf?: string | undefined;
}

/**
 * The same query, which refuses names that neither the data nor any format or rule
 * knows: a mistyped one would find nothing. A name that is only missing from these
 * logs is no mistake.
 */
export const withKnownNames = (query: Sql, names: Names): Sql =>
  sql.checked(query, (db) => {
    for (const type of names.types ?? []) checkType(db, type);
    for (const { span, event } of names.events ?? []) {
      checkType(db, span);
      checkEvent(db, span, event);
    }
    for (const type of names.eventTypes ?? []) {
      refuseUnless(
        [...namesIn(
          db,
          sql`SELECT type AS name FROM event_type
          WHERE type = ${type}
          UNION SELECT event_type FROM event_kind WHERE event_type = ${type}`,
        )],
        "event",
        type,
        () => namesIn(db, sql`SELECT type AS name FROM event_type WHERE named`),
      );
    }
    if (names.components?.length) {
      const known = namesIn(
        db,
        sql`SELECT DISTINCT component AS name FROM (${components})`,
      );
      const isKnown = (name: string) =>
        known.includes(name) ||
        namesIn(db, sql`SELECT type AS name FROM span_kind`)
          .some((type) => type.startsWith(`${name}.`));
      for (const name of names.components) {
        refuseUnless(
          isKnown(name) ? [name] : [],
          "component",
          name,
          () => known,
        );
      }
    }
    for (const name of names.attributes ?? []) {
      checkAttribute(db, name, names.attributesOf);
    }
  });

function checkType(db: Queryable, type: string): void {
  refuseUnless(
    namesIn(
      db,
      sql`SELECT type AS name FROM span_kind WHERE type = ${type}
      UNION ALL SELECT text FROM rule
        WHERE instr(text || ' ', ' ' || ${type} || ' ') > 0
      UNION ALL SELECT type FROM (
        SELECT type FROM span WHERE type = ${type} LIMIT 1)`,
    ),
    "type of span",
    type,
    () => namesIn(db, sql`SELECT DISTINCT type AS name FROM span`),
  );
}

function checkEvent(db: Queryable, span: string, event: string): void {
  const known = namesIn(
    db,
    sql`SELECT event_type AS name FROM event_kind
    WHERE span_type = ${span} AND event_type = ${event}
    UNION ALL SELECT name FROM (
      SELECT type AS name
      FROM event_type
      WHERE type = ${event} AND EXISTS (
        SELECT 1 FROM event_row JOIN span ON span.id = span_id
        WHERE type_id = event_type.id AND span.type = ${span}))`,
  );
  if (known.length > 0) return;
  const [isOfFormat] = db.query(
    sql`SELECT 1 FROM span_kind WHERE type = ${span}`,
  );
  const own = namesIn(
    db,
    sql`SELECT event_type AS name FROM event_kind
    WHERE span_type = ${span}
    UNION
    SELECT event_type.type FROM span
      JOIN event_row ON span_id = span.id
      JOIN event_type ON event_type.id = type_id
    WHERE span.type = ${span} AND named`,
  );
  // Events of a user's own logs may not have happened in these.
  if (!isOfFormat && nearest(event, own) === undefined) return;
  const others = namesIn(
    db,
    sql`SELECT span_type AS name FROM event_kind
    WHERE event_type = ${event} AND span_type IN (SELECT type FROM span)`,
  );
  throw new RangeError(
    `${quoted(span)} has no event ${quoted(event)}` +
      (others.length > 0
        ? `, but ${listed(others)} ${others.length === 1 ? "has" : "have"} it.`
        : didYouMean(event, own) || ".") +
      (own.length > 0 ? ` Its events are ${listedFor(event, own)}` : ""),
  );
}

function checkAttribute(
  db: Queryable,
  name: string,
  type: string | undefined,
): void {
  const isType = type === undefined ? sql`1 = 1` : sql`span.type = ${type}`;
  const path = jsonPath(name);
  const [found] = db.query(sql`SELECT 1 FROM span
    WHERE ${isType} AND attributes ->> ${path} IS NOT NULL LIMIT 1`);
  // A log may be missing that would have it.
  if (
    found || db.query(sql`SELECT 1 FROM span_kind, json_each(identity) AS part
      WHERE part.value = ${name} LIMIT 1`)[0]
  ) {
    return;
  }
  refuseUnless(
    [],
    "attribute",
    name,
    () =>
      namesIn(
        db,
        sql`SELECT DISTINCT attribute.key AS name
        FROM span, json_each(attributes) AS attribute WHERE ${isType}`,
      ),
  );
}

/** Lists what there is, the nearest one first, unless there is nothing at all. */
function refuseUnless(
  found: readonly unknown[],
  noun: string,
  name: string,
  all: () => readonly string[],
): void {
  if (found.length > 0) return;
  const known = all();
  if (known.length === 0) return;
  throw new RangeError(
    `there is no ${noun} ${quoted(name)}${didYouMean(name, known) || "."} ` +
      `There are ${listedFor(name, known)}`,
  );
}

const namesIn = (db: Queryable, query: Sql): string[] =>
  db.query<{ name: string }>(query).map(({ name }) => name);
