import { checkOptions } from "../../display/text/mistakes.ts";
import { type Row, spanSql as sql, type Sql } from "../../sql/mod.ts";
import {
  checkSequences,
  type EventSequencesOptions,
  sequenceRows,
  type SequenceStep,
} from "./event_sequences.ts";
import { eventsOfNames, nestedEvents, withDefaultEvents } from "./events_of.ts";
import type { Roots } from "./nested_spans.ts";
import sequencesText from "./sequences_in_campaign.sql" with { type: "text" };
import { maxOrdered, maxPairs, orderByMajority } from "./walks.ts";

/** What {@linkcode sequencesInCampaign} asks: a campaign. */
export interface AsyncQueryable {
  /** Returns all rows of a query. */
  query<T = Row>(sql: Sql): Promise<T[]>;
}

/**
 * Finds the orders in which events happen to spans of a campaign, as
 * {@linkcode eventSequences} does for a database: the same options and the same
 * rows. DuckDB computes them, so that the steps of a hundred runs need not be in
 * the memory of this program.
 *
 * Of many spans a sample decides in which order steps at equal times are put.
 *
 * @param roots a span type, or a query of span ids
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { exportCampaign, openCampaign } from "dnpc/campaign";
 * import { eventSequences, sequencesInCampaign } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * const dir = await Deno.makeTempDir();
 * exportCampaign(db, dir);
 *
 * using campaign = await openCampaign(dir);
 * const rows = await sequencesInCampaign(campaign, "parsl.rundir.task");
 * assert.equal(rows.length, eventSequences(db, "parsl.rundir.task").length);
 * await Deno.remove(dir, { recursive: true });
 * ```
 */
export async function sequencesInCampaign(
  campaign: AsyncQueryable,
  roots: Roots,
  options: EventSequencesOptions = {},
): Promise<SequenceStep[]> {
  checkOptions("sequencesInCampaign", options, {
    align: true,
    percentiles: true,
    ...eventsOfNames,
  });
  const { align, percentiles, events } = checkSequences(options);
  const numbered = numberedSteps(
    nestedEvents(roots, withDefaultEvents(events)),
  );
  const order = await stepsInOrder(campaign, numbered);
  const isCombined = align === "step";
  const sorted = isCombined ? sql`position` : sql`time, position`;
  // Not the hash of a list, which is the same with and without a 0.
  const rows = await campaign.query<PlacedStep>(sql`
    WITH
      place (span_type, event_type, nth, position) AS (${positionsOf(order)}),
      placed AS (
        SELECT root_id, position, since_start,
          row_number() OVER in_order AS step,
          time - lag(time) OVER in_order AS since_before
        FROM (${numbered}) AS numbered
          JOIN place USING (span_type, event_type, nth)
        WINDOW in_order AS (PARTITION BY root_id ORDER BY ${sorted})
      ),
      walk AS (
        SELECT root_id, ${
    isCombined ? sql`0` : sql`hash(string_agg(position, ',' ORDER BY step))`
  } AS walk
        FROM placed GROUP BY root_id
      ),
      timed AS (
        SELECT walk, ${isCombined ? sql`position + 1` : sql`step`} AS step,
          min(position) AS position, count(*) AS spans,
          arg_max(root_id, coalesce(since_before, since_start)) AS longest_id,
          ${statisticsOf("since_start", percentiles)},
          ${statisticsOf("since_before", percentiles)}
        FROM placed JOIN walk USING (root_id)
        GROUP BY walk, ${isCombined ? sql`position` : sql`step`}
      ),
      sequences AS (
        SELECT walk, row_number() OVER (
          ORDER BY count(*) DESC, min(root_id)) AS sequence
        FROM walk GROUP BY walk
      )
    SELECT * EXCLUDE (walk) FROM timed JOIN sequences USING (walk)
    ORDER BY sequence, step`);
  return sequenceRows(
    rows.map(({ position, sequence, step, spans, ...others }) => {
      const { span_type, event_type, component, nth } = order[position]!;
      const named = { span_type, event_type, component, nth };
      return { sequence, step, spans, ...named, ...others } as SequenceStep;
    }),
    percentiles,
    roots,
  );
}

interface PlacedStep extends Row {
  position: number;
  sequence: number;
  step: number;
  spans: number;
}

/** The steps of events with a number each: sequences_in_campaign.sql. */
export const numberedSteps = (events: Sql): Sql =>
  sql.module(sequencesText, { events });

/** The kinds of steps, in their usual order. */
export async function stepsInOrder(
  campaign: AsyncQueryable,
  numbered: Sql,
): Promise<readonly Kind[]> {
  const kinds = await campaign.query<Kind>(sql`
    SELECT span_type, event_type, nth, min(component) AS component,
      median(since_start) AS median, min(event_id) AS first,
      count(*) AS steps, count(*) * count(*) AS pairs
    FROM (${numbered}) AS numbered
    GROUP BY span_type, event_type, nth
    ORDER BY median, first`);
  return await usualOrder(campaign, numbered, kinds);
}

/** Rows of span_type, event_type, nth and the position in this order. */
export const positionsOf = (order: readonly Kind[]): Sql =>
  order.length === 0
    ? sql`SELECT NULL, NULL, NULL, NULL WHERE 1 = 0`
    : sql`VALUES ${
      sql.join(
        order.map(({ span_type, event_type, nth }, i) =>
          sql`(${span_type}, ${event_type}, ${nth}, ${i})`
        ),
      )
    }`;

interface Kind {
  span_type: string;
  event_type: string;
  nth: number;
  component: string;
  steps: number;
}

/** Columns of the seconds of a name, as statistics() gives for a database. */
const statisticsOf = (name: string, percentiles: readonly number[]): Sql => {
  const seconds = sql.id(name);
  return sql.join([
    sql`avg(${seconds}) AS ${sql.id(`${name}_mean`)}`,
    sql`min(${seconds}) AS ${sql.id(`${name}_minimum`)}`,
    sql`max(${seconds}) AS ${sql.id(`${name}_maximum`)}`,
    ...percentiles.map((p) =>
      sql`percentile(${seconds}, ${p}) AS ${sql.id(`${name}_p${p}`)}`
    ),
  ]);
};

/** The kinds of steps, by their median before, in their usual order. */
async function usualOrder(
  campaign: AsyncQueryable,
  numbered: Sql,
  kinds: readonly Kind[],
): Promise<readonly Kind[]> {
  if (kinds.length > maxOrdered) return kinds;
  const [{ pairs }] = await campaign.query<{ pairs: number }>(sql`
    SELECT coalesce(sum(steps * steps), 0) AS pairs
    FROM (SELECT count(*) AS steps FROM (${numbered}) AS numbered
      GROUP BY root_id)`) as [{ pairs: number }];
  const stride = Math.ceil(pairs / maxPairs) || 1;
  const index = new Map(kinds.map((kind, i) => [nameOf(kind), i]));
  const found = await campaign.query<
    Kind & {
      later_span: string;
      later_event: string;
      later_nth: number;
      spans: number;
    }
  >(sql`
    WITH numbered AS MATERIALIZED (
      SELECT * FROM (${numbered}) AS numbered WHERE root_id % ${stride} = 0
    )
    SELECT a.span_type, a.event_type, a.nth, b.span_type AS later_span,
      b.event_type AS later_event, b.nth AS later_nth, count(*) AS spans
    FROM numbered AS a JOIN numbered AS b
      ON b.root_id = a.root_id AND a.time < b.time
    GROUP BY ALL`);
  const earlier = new Float64Array(kinds.length ** 2);
  for (const row of found) {
    const later = nameOf({
      span_type: row.later_span,
      event_type: row.later_event,
      nth: row.later_nth,
    });
    const at = index.get(nameOf(row))! * kinds.length + index.get(later)!;
    earlier[at] = row.spans;
  }
  return orderByMajority(kinds.map((_, i) => i), earlier)
    .map((i) => kinds[i]!);
}

const nameOf = (
  { span_type, event_type, nth }: Pick<
    Kind,
    "span_type" | "event_type" | "nth"
  >,
) => JSON.stringify([span_type, event_type, nth]);
