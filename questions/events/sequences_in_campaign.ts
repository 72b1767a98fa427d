import { checkOptions } from "../../display/text/mistakes.ts";
import { type Row, spanSql as sql, type Sql } from "../../sql/mod.ts";
import {
  checkSequences,
  type EventSequencesOptions,
  sequenceRows,
  type SequenceStep,
} from "./event_sequences.ts";
import { eventsOfNames, nestedEvents, withDefaultEvents } from "./events_of.ts";
import { ofRun } from "../runs/find_run.ts";
import type { Roots } from "./nested_spans.ts";
import sequencesText from "./sequences_in_campaign.sql" with { type: "text" };
import { maxOrdered, orderByMajority } from "./walks.ts";

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
  const all = nestedEvents(roots, withDefaultEvents(events));
  const numbered = ofRun(numberedSteps(all), events.run);
  const order = await stepsInOrder(campaign, numbered);
  if (order.length === 0) return sequenceRows([], percentiles, roots);
  const isCombined = align === "step";
  const timed = (name: TimeColumn) =>
    campaign.query<PlacedStep>(sql.module(sequencesText, {
      numbered,
      places: positionsOf(order),
      order: isCombined ? sql`position` : sql`time, position`,
      step: isCombined ? sql`position + 1` : sql`row_number() OVER in_order`,
      walk: isCombined
        ? sql`0`
        : sql`bit_xor(hash64(step * ${order.length} + position))`,
      statistics: statisticsOf(name, percentiles),
    }));
  // One after the other, because percentiles need all numbers in memory.
  const sinceStart = await timed("since_start");
  const sinceBefore = await timed("since_before");
  const rows = sinceStart.map((row, i) => {
    const { span_type, event_type, component, nth } = order[row.position]!;
    const { sequence, step, spans, longest_id } = row;
    return {
      ...{ sequence, step, spans },
      ...{ span_type, event_type, component, nth, longest_id },
      ...statisticsIn(row, "since_start", percentiles),
      ...statisticsIn(sinceBefore[i]!, "since_before", percentiles),
    } as SequenceStep;
  });
  return sequenceRows(rows, percentiles, roots);
}

interface PlacedStep extends Row {
  position: number;
  sequence: number;
  step: number;
  spans: number;
  longest_id: number;
}

/** The events that have a time, each with its occurrence number. */
export const numberedSteps = (events: Sql): Sql =>
  sql`SELECT * FROM (${events}) AS happened WHERE time IS NOT NULL`;

/** The kinds of steps, in their usual order. */
export async function stepsInOrder(
  campaign: AsyncQueryable,
  numbered: Sql,
): Promise<readonly Kind[]> {
  // Reading all steps twice takes less than keeping them.
  const kinds = await campaign.query<Kind>(sql`
    WITH numbered AS NOT MATERIALIZED (${numbered}),
      root AS (
        SELECT root_id, min(time) AS start, count(*) AS events
        FROM numbered GROUP BY root_id
      )
    SELECT span_type, event_type, named, nth, min(component) AS component,
      median(time - start) AS median, min(event_id) AS first,
      sum(events) AS pairs
    FROM numbered JOIN root USING (root_id)
    GROUP BY span_type, event_type, named, nth
    ORDER BY median, first`);
  return await usualOrder(campaign, numbered, kinds);
}

/** Rows of span_type, event_type, named, nth and the position in this order. */
export const positionsOf = (order: readonly Kind[]): Sql =>
  order.length === 0
    ? sql`SELECT NULL, NULL, NULL, NULL, NULL WHERE 1 = 0`
    : sql`VALUES ${
      sql.join(
        order.map(({ span_type, event_type, named, nth }, i) =>
          sql`(${span_type}, ${event_type}, ${named}, ${nth}, ${i})`
        ),
      )
    }`;

/** A kind of step, and how many pairs with another event its roots have. */
interface Kind {
  span_type: string;
  event_type: string;
  named: number;
  nth: number;
  component: string;
  pairs: number;
}

type TimeColumn = "since_start" | "since_before";

/** Columns of seconds; the percentiles are one, a JSON array. */
const statisticsOf = (
  name: TimeColumn,
  percentiles: readonly number[],
): Sql => {
  const seconds = sql.id(name);
  const columns = [
    sql`avg(${seconds}) AS ${sql.id(`${name}_mean`)}`,
    sql`min(${seconds}) AS ${sql.id(`${name}_minimum`)}`,
    sql`max(${seconds}) AS ${sql.id(`${name}_maximum`)}`,
  ];
  if (percentiles.length > 0) {
    const list = sql.join([seconds, ...percentiles]);
    columns.push(sql`percentiles(${list}) AS ${sql.id(`${name}_percentiles`)}`);
  }
  return sql.join(columns);
};

/** The same columns as those of statistics() for a database. */
function statisticsIn(
  row: Row,
  name: TimeColumn,
  percentiles: readonly number[],
): Row {
  const list = row[`${name}_percentiles`];
  const values: number[] = typeof list === "string" ? JSON.parse(list) : [];
  return Object.fromEntries([
    ...["mean", "minimum", "maximum"]
      .map((
        statistic,
      ) => [`${name}_${statistic}`, row[`${name}_${statistic}`]]),
    ...percentiles.map((p, i) => [`${name}_p${p}`, values[i] ?? null]),
  ]);
}

/** Of more pairs, a sample is counted. */
const maxPairs = 5e6;

/** The kinds of steps, by their median before, in their usual order. */
async function usualOrder(
  campaign: AsyncQueryable,
  numbered: Sql,
  kinds: readonly Kind[],
): Promise<readonly Kind[]> {
  if (kinds.length > maxOrdered) return kinds;
  const pairs = kinds.reduce((sum, kind) => sum + kind.pairs, 0);
  const stride = Math.ceil(pairs / maxPairs) || 1;
  const found = await campaign.query<Record<"a" | "b" | "spans", number>>(sql`
    WITH
      place (span_type, event_type, named, nth, position) AS (
        ${positionsOf(kinds)}
      ),
      sampled AS MATERIALIZED (
        SELECT root_id, time, position
        FROM (${numbered}) AS numbered
          JOIN place USING (span_type, event_type, named, nth)
        WHERE hash64(root_id) % ${stride} = 0
      )
    SELECT earlier.position AS a, later.position AS b, count(*) AS spans
    FROM sampled AS earlier JOIN sampled AS later
      ON later.root_id = earlier.root_id AND earlier.time < later.time
    GROUP BY earlier.position, later.position`);
  const earlier = new Float64Array(kinds.length ** 2);
  for (const { a, b, spans } of found) earlier[a * kinds.length + b] = spans;
  return orderByMajority(kinds.map((_, i) => i), earlier)
    .map((i) => kinds[i]!);
}
