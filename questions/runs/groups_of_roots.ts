import { jsonPath, spanSql as sql, type Sql } from "../../sql/mod.ts";
import type { Roots } from "../events/nested_spans.ts";
import { rootValues } from "../events/root_values.ts";
import type { ComparedRun } from "./compared_runs.ts";

/** What a whole run has one of, by which its tasks can be grouped. */
const runNames = ["run", "version", "host", "user", "workflow"] as const;

/** Whether groups by this name consist of whole runs. */
export const isOfRuns = (by: string): by is typeof runNames[number] =>
  (runNames as readonly string[]).includes(by);

/** Spans that represent tasks. */
const tasks: Sql = sql`SELECT span.id
  FROM span JOIN span_kind ON span_kind.type = span.type WHERE role = 'task'`;

/**
 * The group of each root span by an attribute, which it has itself or all that is
 * nested in it agree on: columns root_id and category.
 *
 * @param roots a span type, or by default tasks
 */
export function groupsOfRoots(
  by: string,
  roots: string | undefined,
  runs: readonly ComparedRun[] | undefined,
): Sql {
  const values = valuesOf(by, roots ?? tasks);
  return sql.either(values, (campaign) => {
    // A try has the attributes of its task, too.
    const isTask = roots === undefined || /\.task$/.test(roots);
    if (!isTask || roots !== undefined && !campaign.hasSteps(roots)) {
      return values.inCampaign(campaign);
    }
    const inRuns = (table: Sql) =>
      runs
        ? sql`${table}.run IN (${sql.join(runs.map(({ key }) => key))})`
        : sql`1 = 1`;
    const isRoot = roots === undefined
      ? sql`root_type IN (SELECT type FROM span_kind WHERE role = 'task')`
      : sql`root_type = ${roots}`;
    const nested = isPlace(by)
      ? sql`SELECT root_id, span_id, ${sql.id(by)} AS value FROM step
    WHERE ${isRoot} AND ${inRuns(sql`step`)}`
      : sql`SELECT root_id, span_id, value
    FROM (
      SELECT DISTINCT root_id, span_id FROM step
      WHERE ${isRoot} AND ${inRuns(sql`step`)}
    ) AS nested JOIN (
      SELECT id, attributes ->> ${jsonPath(by)} AS value FROM span
      WHERE ${inRuns(sql`span`)}
    ) AS own ON own.id = nested.span_id`;
    return sql`SELECT root_id, coalesce(
      max(CASE WHEN span_id = root_id THEN value END),
      CASE WHEN min(value) = max(value) THEN max(value) END) AS category
  FROM (${nested}) AS valued GROUP BY root_id`;
  });
}

const valuesOf = (by: string, roots: Roots): Sql =>
  sql`SELECT root_id, category ->> 0 AS category
  FROM (${rootValues(roots, by, [], runNames).values}) AS valued`;

/** Whether the table step has this name of its spans. */
const isPlace = (name: string): boolean =>
  ["app", "executor", "block", "manager", "worker"].includes(name);
