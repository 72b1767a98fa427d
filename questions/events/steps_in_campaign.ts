import {
  type CampaignTables,
  spanSql as sql,
  type Sql,
} from "../../sql/mod.ts";
import { rootIds, type Roots } from "./nested_spans.ts";
import stepsInCampaignText from "./steps_in_campaign.sql" with { type: "text" };

/**
 * The steps of root spans in a campaign: from the table step, if it has those of
 * such roots, or else from the tables of spans and events. nth is the occurrence
 * number of an event among those of its root that have a time.
 */
export function stepsInCampaign(
  campaign: CampaignTables,
  roots: Roots,
  run: string | undefined,
  haveSteps = false,
): Sql {
  const inRun = run === undefined
    ? sql`1 = 1`
    : sql`run = ${campaign.runNamed(run)}`;
  const ids = rootIds(roots, run).inCampaign(campaign);
  if (typeof roots === "string") {
    if (campaign.hasSteps(roots)) {
      return sql`SELECT * FROM step WHERE root_type = ${roots} AND ${inRun}`;
    }
    return numbered(sql.module(stepsInCampaignText, { roots: ids }));
  }
  if (haveSteps) {
    return sql`SELECT * FROM step WHERE root_id IN (${ids}) AND ${inRun}`;
  }
  // Spans of any types.
  const others = sql`SELECT id FROM span WHERE id IN (${ids})
    AND type NOT IN (SELECT root_type FROM step_type)`;
  const columns = sql`root_id, time, span_type, event_type, component, named,
    event_id, span_id`;
  return sql`SELECT ${columns}, nth FROM step
    WHERE root_id IN (${ids}) AND ${inRun}
  UNION ALL
  SELECT ${columns}, nth FROM (${
    numbered(sql.module(stepsInCampaignText, { roots: others }))
  }) AS other`;
}

const numbered = (steps: Sql): Sql =>
  sql`SELECT *, row_number() OVER (
    PARTITION BY root_id, span_type, event_type, named, time IS NULL
    ORDER BY time, event_id) AS nth
  FROM (${steps}) AS steps`;
