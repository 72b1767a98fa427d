import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { components } from "./components.ts";
import { ownSpans, type Roots } from "./nested_spans.ts";
import { stepsInCampaign } from "./steps_in_campaign.ts";
import typedEventsText from "./typed_events.sql" with { type: "text" };
import typedSpansText from "./typed_spans.sql" with { type: "text" };

/** Selects the events of {@linkcode typedEvents}. */
interface TypedEventsOptions {
  /** Condition on `type` and `component` of the spans. */
  isComponent?: Sql | undefined;
  /**
   * Whether other questions will have the same roots. By default true for a span
   * type.
   */
  isKept?: boolean | undefined;
}

/** Returns a query of the spans in each root, as typed_spans.sql describes. */
export function typedSpans(
  roots: Roots,
  isKept = typeof roots === "string",
): Sql {
  const spans = sql.module(typedSpansText, {
    own: ownSpans(roots),
    components,
  });
  return sql.either(
    isKept ? sql.materialized(spans, spanColumns) : spans,
    // Spans without events count for nothing that campaigns are asked.
    (campaign) =>
      sql`SELECT DISTINCT root_id, span_id FROM (${
        stepsInCampaign(campaign, roots, undefined)
      }) AS steps`,
  );
}

/** Returns a query of the events of each root, as typed_events.sql describes. */
export function typedEvents(
  roots: Roots,
  { isComponent, isKept = typeof roots === "string" }: TypedEventsOptions = {},
): Sql {
  const known = typedSpans(roots, isKept);
  if (isComponent) {
    // The spans of a few types have few of the events.
    const some = sql`SELECT * FROM (${known}) WHERE type_id IN (
      SELECT type_id FROM (${components}) WHERE ${isComponent})`;
    return sql.module(typedEventsText, { spans: some });
  }
  const events = sql.module(typedEventsText, { spans: known });
  return isKept ? sql.materialized(events, eventColumns, 3) : events;
}

const spanColumns = ["root_id", "span_id", "type_id", "worker"];
const eventColumns = [
  "root_id",
  "at",
  "event_id",
  "span_id",
  "type_id",
  "event_type_id",
];
