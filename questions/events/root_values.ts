import { didYouMean } from "../../display/text/nearest.ts";
import { visible } from "../../display/text/untrusted.ts";
import {
  jsonPath,
  type Queryable,
  spanSql as sql,
  type Sql,
} from "../../sql/mod.ts";
import type { By } from "./by_attributes.ts";
import type { Roots } from "./nested_spans.ts";
import { joinRuns } from "../runs/find_run.ts";
import rootValuesText from "./root_values.sql" with { type: "text" };
import inCampaignText from "./root_values_in_campaign.sql" with {
  type: "text",
};
import { spanNames } from "./steps.ts";
import { typedSpans } from "./typed_events.ts";

/** The names that {@linkcode rootValues} knows of every span. */
const placeNames = [
  "run",
  "app",
  "executor",
  "block",
  "manager",
  "worker",
  "host",
] as const;

const isPlaceName = (name: string): boolean =>
  (placeNames as readonly string[]).includes(name);

/** Arguments for SQL that groups root spans by names and attributes. */
interface RootValues {
  /** Query of the values, in columns root_id and category, a JSON array. */
  values: Sql;
  /** Output columns from `category`, with a comma each. */
  columns: Sql;
}

/**
 * The values by which to group root spans: of the root, or else of its task, or
 * else of the spans nested in it, if they agree.
 *
 * @param taken the other columns of the result
 * @param others names that the caller knows, for errors
 * @throws {TypeError} for a name that is also a column of the result
 * @throws {RangeError} when it runs, for an attribute that none of them has: the
 * message lists the names there are
 */
export function rootValues(
  roots: Roots,
  by: By,
  taken: readonly string[],
  others: readonly string[] = [],
): RootValues {
  const names = [by].flat() as string[];
  refuseTaken(names, taken);
  const nested = typedSpans(roots);
  const values = names.map((name) => {
    const path = jsonPath(name);
    const value = isPlaceName(name)
      ? sql`place.${sql.id(name)}`
      : sql`inner_span.attributes ->> ${path}`;
    return sql`coalesce(
      max(CASE WHEN nested.span_id = nested.root_id THEN ${value} END),
      max(task.attributes ->> ${path}),
      CASE WHEN min(${value}) = max(${value}) THEN max(${value}) END)`;
  });
  const query = sql.either(
    sql.module(rootValuesText, {
      nested,
      names: spanNames,
      values: sql.join(values),
    }),
    (campaign) =>
      typeof roots === "string" && campaign.hasSteps(roots) &&
        names.every(isPlaceName)
        ? placesInCampaign(roots, names).inCampaign(campaign)
        : sql.module(rootValuesText, {
          nested: nested.inCampaign(campaign),
          names: spanNames.inCampaign(campaign),
          values: sql.join(values),
        }),
  );
  return {
    values: sql.checked(query, (db) => {
      for (const [i, name] of names.entries()) {
        if (!isPlaceName(name)) checkName(db, name, i, query, nested, others);
      }
    }),
    columns: sql.join(
      names.map((name, i) => sql`category ->> ${i} AS ${sql.id(name)}, `),
      "",
    ),
  };
}

/** The values of names that the table step has: reading no JSON of its spans. */
function placesInCampaign(roots: string, names: readonly string[]): Sql {
  const places = names.filter((name) => name !== "run");
  const column = (of: string, name: string) =>
    sql.id(`${of}_${places.indexOf(name)}`);
  return sql.module(inCampaignText, {
    roots,
    own: sql.join(
      [sql`min(root_type) AS root_type`].concat(places.map((name) => {
        const place = sql.id(name);
        return sql`max(CASE WHEN span_id = root_id THEN ${place} END)
      AS ${column("own", name)},
      CASE WHEN min(${place}) = max(${place}) THEN max(${place}) END
      AS ${column("all", name)}`;
      })),
    ),
    of_task: sql.join(
      [sql`count(*) AS spans`].concat(
        places.map((name) =>
          sql`max(attributes ->> ${jsonPath(name)}) AS ${column("task", name)}`
        ),
      ),
    ),
    join_run: joinRuns(sql`own.root_id`),
    values: sql.join(
      names.map((name) =>
        name === "run"
          ? sql`run_of.run`
          : sql`coalesce(${column("own", name)}, ${column("task", name)}, ${
            column("all", name)
          })`
      ),
    ),
  });
}

/** @throws {TypeError} for a name that is also a column of the result */
export function refuseTaken(
  names: readonly string[],
  taken: readonly string[],
): void {
  const clash = names.find((name) => taken.includes(name));
  if (clash === undefined) return;
  throw new TypeError(
    `cannot group by ${JSON.stringify(clash)}: the result has the columns ` +
      taken.join(", "),
  );
}

function checkName(
  db: Queryable,
  name: string,
  place: number,
  query: Sql,
  nested: Sql,
  others: readonly string[],
): void {
  const [found] = db.query(
    sql`SELECT 1 FROM (${query}) WHERE category ->> ${place} IS NOT NULL
      LIMIT 1`,
  );
  if (found) return;
  const attributes = db.query<{ name: string }>(sql`
    SELECT DISTINCT attribute.key AS name
    FROM span, json_each(attributes) AS attribute
    WHERE span.id IN (SELECT span_id FROM (${nested}))
      OR span.type IN (SELECT type FROM span_kind WHERE role = 'task')
      -- The catalog of a campaign does not say what is nested in what.
      OR NOT EXISTS (SELECT 1 FROM subspan)
    ORDER BY 1`).map(({ name }) => name);
  // Spans nested in a root may disagree.
  if (attributes.length === 0 || attributes.includes(name)) return;
  refuseName(name, [...others, ...attributes]);
}

/** @throws {RangeError} always, with the names there are */
function refuseName(name: string, attributes: Iterable<string>): never {
  const names = [...new Set([...placeNames, ...attributes])];
  throw new RangeError(
    `there is no ${JSON.stringify(name)} to group by: there is ` +
      names.map(visible).join(", ") + didYouMean(name, names),
  );
}
