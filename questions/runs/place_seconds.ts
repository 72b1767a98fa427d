import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { placesOfTasks, tries } from "../tasks/where_is_every_task.ts";
import { joinRuns } from "./find_run.ts";
import placeSecondsText from "./place_seconds.sql" with { type: "text" };
import inCampaignText from "./place_seconds_in_campaign.sql" with {
  type: "text",
};

/** Places of tasks that count as one step, in their order. */
export interface PlaceStep {
  name: string;
  places: readonly string[];
  /** The rank of the first. */
  rank: number;
}

/** A row of place_seconds.sql. */
export interface PlaceSeconds {
  run: string;
  category: string | null;
  step: number;
  spans: number;
  seconds: number | null;
  p95: number | null;
  unfinished: number;
  failed: number;
}

/** Selects tasks, and says of which group each is. */
export interface AskedTasks {
  /** By label and by the column run of campaigns; undefined for all. */
  runs?: readonly { run: string; key: string }[] | undefined;
  /** Query of the groups of tasks, in columns root_id and category. */
  groups?: Sql | undefined;
}

/** A query of the seconds that tasks spent in each step: place_seconds.sql. */
export function placeSeconds(
  steps: readonly PlaceStep[],
  { runs, groups = noGroups }: AskedTasks,
): Sql {
  const stepOf = (column: Sql) =>
    sql`CASE ${column} ${
      sql.join(
        steps.flatMap(({ places }, i) =>
          places.map((place) => sql`WHEN ${place} THEN ${i}`)
        ),
        " ",
      )
    } END`;
  const isRun = runs
    ? sql`run_of.run IN (${sql.join(runs.map(({ run }) => run))})`
    : sql`1 = 1`;
  return sql.either(
    sql.module(placeSecondsText, {
      places: placesOfTasks,
      step: stepOf(sql`state`),
      groups,
      join_run: joinRuns(sql`last.root_id`),
      is_run: isRun,
    }),
    (campaign) => {
      const inRuns = (table: Sql) =>
        runs
          ? sql`${table}.run IN (${sql.join(runs.map(({ key }) => key))})`
          : sql`1 = 1`;
      return sql.module(inCampaignText, {
        // Nearly all are of one type: looking up each takes long.
        events: sql`SELECT root_id, time, span_type, event_type
    FROM step
    WHERE ${inRuns(sql`step`)} AND named = 1 AND (
        root_type = 'parsl.rundir.try'
        OR root_type = 'parsl.monitoring.try' AND root_id IN (${tries}))`,
        step: stepOf(sql`place`),
        groups: groups.inCampaign(campaign),
        tasks_of: sql`SELECT subspan_id AS try_id, min(superspan_id) AS task_id
    FROM span JOIN subspan ON superspan_id = span.id
    WHERE type IN ('parsl.rundir.task', 'parsl.monitoring.task')
      AND ${inRuns(sql`span`)} AND ${inRuns(sql`subspan`)}
    GROUP BY subspan_id`,
        join_run: joinRuns(sql`root_id`).inCampaign(campaign),
        is_run: isRun,
        ...columnsOf(steps),
      });
    },
  );
}

const noGroups = sql`SELECT NULL AS root_id, NULL AS category WHERE 1 = 0`;

/** Columns with the number of a step in their names. */
function columnsOf(steps: readonly PlaceStep[]) {
  const numbers = [...steps.keys()];
  const last = numbers.length - 1;
  const id = (name: string, i: number) => sql.id(`${name}_${i}`);
  const eachStep = (column: (i: number) => Sql) =>
    sql.join(numbers.map(column));
  const stepsFrom = (low: number, high = Infinity) =>
    numbers.filter((i) => steps[i]!.rank >= low && steps[i]!.rank < high);
  const hasBeenIn = (numbers: readonly number[]) =>
    sql`(${
      sql.join([
        sql`1 = 0`,
        ...numbers.map((i) => sql`${id("at", i)} IS NOT NULL`),
      ], " OR ")
    })`;
  const isOver = sql`NOT ${hasBeenIn(stepsFrom(100))}`;
  const [retry] = stepsFrom(100);
  return {
    arrivals: eachStep((i) =>
      sql`min(CASE WHEN step = ${i} THEN time END) AS ${id("at", i)}`
    ),
    // The least of those that are not NULL.
    from: eachStep((i) =>
      sql`${
        i < last
          ? sql`least(${sql.join(numbers.slice(i).map((j) => id("at", j)))})`
          : id("at", i)
      } AS ${id("from", i)}`
    ),
    latest: sql`coalesce(${
      sql.join([sql`NULL`, ...numbers.toReversed().map((i) => id("at", i))])
    })`,
    is_ended: sql`${hasBeenIn(stepsFrom(80, 100))} AND ${isOver}`,
    is_failed: sql`${hasBeenIn(stepsFrom(90, 100))} AND ${isOver}`,
    spent: eachStep((i) =>
      sql`${
        i < last
          ? sql`CASE WHEN ${id("at", i)} IS NOT NULL
      THEN ${id("from", i + 1)} - ${id("from", i)} END`
          : sql`CAST(NULL AS DOUBLE)`
      } AS ${id("seconds", i)}`
    ),
    // A task is to be tried again until its next try begins.
    summed: eachStep((i) =>
      sql`${
        i === retry
          ? sql`CASE WHEN count(*) > 1
      THEN max(latest) - min(began) - sum(latest - began) END`
          : sql`sum(${id("seconds", i)})`
      } AS ${id("seconds", i)}`
    ),
    totals: eachStep((i) => {
      const seconds = sql`CASE WHEN is_ended = 1 THEN ${id("seconds", i)} END`;
      return sql`count(${seconds}) AS ${id("spans", i)},
      sum(${seconds}) AS ${id("seconds", i)},
      percentile(${seconds}, 95) AS ${id("p95", i)}`;
    }),
    rows: sql.join(
      numbers.map((i) =>
        sql`UNION ALL
SELECT run, category, ${i}, ${id("spans", i)}, ${id("seconds", i)},
  ${id("p95", i)}, 0, 0
FROM total WHERE ${id("spans", i)} > 0`
      ),
      "\n",
    ),
  };
}
