import { didYouMean } from "../../display/text/nearest.ts";
import { visible } from "../../display/text/untrusted.ts";
import {
  jsonPath,
  type Queryable,
  spanSql as sql,
  type Sql,
} from "../../sql/mod.ts";
import type { Roots } from "./nested_spans.ts";
import { typedSpans } from "./typed_events.ts";
import weightNamesText from "./weight_names.sql" with { type: "text" };
import weightsInCampaignText from "./weights_in_campaign.sql" with {
  type: "text",
};
import weightsText from "./weights.sql" with { type: "text" };

/** The option of questions that sum a number of each span. */
export interface WeightOption {
  /**
   * A number of each root span, whose sum is wanted: the name of an attribute
   * ("cores", "memory_mb", "gpus"; of a list such as "nodes", the length
   * counts), or of a metric ("psutil_process_memory_resident"), whose maximum it
   * is. A root that has no such number itself has the largest one of the spans
   * nested in it or equal to it.
   */
  weight?: string | undefined;
}

/**
 * The weight of each root span that has one: columns root_id and weight.
 *
 * @param taken the other columns of the result
 * @throws {TypeError} if the name is that of another column of the result
 */
export function weightsOf(
  roots: Roots,
  name: string,
  taken: readonly string[],
): Sql {
  if (taken.includes(name)) {
    throw new TypeError(
      `the weight ${JSON.stringify(name)} has the name of another column of ` +
        `the result: ${taken.join(", ")}`,
    );
  }
  const nested = typedSpans(roots);
  const args = { nested, path: jsonPath(name), metric: name };
  const numbers = sql.either(
    sql.module(weightsText, args),
    (campaign) =>
      sql.module(weightsInCampaignText, {
        ...args,
        nested: nested.inCampaign(campaign),
      }),
  );
  return sql.checked(
    sql`SELECT root_id,
  coalesce(max(CASE WHEN is_own = 1 THEN value END), max(value)) AS weight
FROM (${numbers}) GROUP BY root_id`,
    (db) => {
      const [found] = db.query(sql`SELECT 1 FROM (${numbers}) LIMIT 1`);
      if (!found) refuseUnknown(db, name, nested);
    },
  );
}

/** Lists the numbers there are, unless there are no spans. */
function refuseUnknown(db: Queryable, weight: string, nested: Sql): void {
  if (db.query(sql`SELECT 1 FROM (${nested}) LIMIT 1`).length === 0) return;
  const found = db.query<{ kind: string; name: string }>(
    sql.module(weightNamesText, { nested }),
  );
  const lists = Map.groupBy(found, ({ kind }) => kind).entries()
    .map(([kind, found]) =>
      `the ${kind}s ${found.map(({ name }) => visible(name)).join(", ")}`
    );
  const known = found.length > 0
    ? `there are ${[...lists].join(", and ")}`
    : "there are none";
  throw new RangeError(
    `the spans have no number ${JSON.stringify(weight)}: ${known}` +
      didYouMean(weight, found.map(({ name }) => name)),
  );
}
