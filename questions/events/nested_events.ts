import { type Sql, sql } from "../../sql/mod.ts";
import { accounts as allAccounts } from "./accounts.ts";
import { nestedSpans, type Roots } from "./nested_spans.ts";

/** Which events `eventsOf` gives. By default all. */
export interface EventsOfOptions {
  /** Only those of spans of these types. */
  spanTypes?: readonly string[];
  /** Only those of these types. */
  eventTypes?: readonly string[];
  /** Only those told by these: "parsl.rundir". */
  accounts?: readonly string[];
  /** "named": only those that have a name, none that is a template. */
  events?: "named" | "all";
}

/**
 * All events of each root span and of all that is nested in it or equal to it,
 * in no order, with the columns of `eventsOf` and more.
 *
 * @param more further columns, each behind a comma: of span, event or told
 */
export function nestedEvents(
  roots: Roots,
  options: EventsOfOptions,
  more: Sql = sql``,
): Sql {
  const { spanTypes, eventTypes, accounts, events = "all" } = options;
  if (events !== "named" && events !== "all") {
    throw new TypeError(`events is "named" or "all", not "${events}"`);
  }
  const told = [
    ...among(sql`type`, spanTypes),
    ...among(sql`account`, accounts),
  ];
  // The plus keeps SQLite from looking events up by their type, of which there
  // may be very many, instead of by their span.
  const conditions = [
    ...among(sql`+event.type`, eventTypes),
    ...(events === "named" ? [sql`event.named = 1`] : []),
  ];
  return sql`WITH
  nested AS MATERIALIZED (${nestedSpans(roots)}),
  told AS MATERIALIZED (SELECT * FROM (${allAccounts}) ${where(told)})
SELECT nested.root_id, event.time, told.type AS span_type,
  event.type AS event_type, told.account, event.named, event.id AS event_id${more}
FROM nested
  CROSS JOIN span ON span.id = nested.span_id
  CROSS JOIN told ON told.type = span.type
  CROSS JOIN event ON event.span_id = nested.span_id
${where(conditions)}`;
}

function among(column: Sql, values: readonly string[] | undefined): Sql[] {
  return values ? [sql`${column} IN (${sql.join(values)})`] : [];
}

function where(conditions: readonly Sql[]): Sql {
  return conditions.length === 0
    ? sql``
    : sql`WHERE ${sql.join(conditions, " AND ")}`;
}
