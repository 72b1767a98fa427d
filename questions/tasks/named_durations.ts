import { mistake } from "../../display/text/mistakes.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import {
  type EventName,
  eventName,
  type EventPair,
} from "../events/event_names.ts";
import { nounOfRoots, type Roots } from "../events/nested_spans.ts";
import { refuseTaken, rootValues } from "../events/root_values.ts";
import { timesBetween } from "../events/times_between.ts";
import { inRun, joinNames } from "../runs/find_run.ts";
import tryTimesInCampaignText from "./try_times_in_campaign.sql" with {
  type: "text",
};
import tryTimesText from "./try_times.sql" with { type: "text" };
import { eventsOfTries, tries } from "./where_is_every_task.ts";

/**
 * The durations that a question is about: the times between two events, or by
 * default how long tries were in a worker.
 */
export interface DurationsAsked extends Partial<EventPair> {
  /** The first event: "parsl.rundir.try/launched". Only with `to`. */
  from?: EventName;
  /** The second event. Another component may report it. */
  to?: EventName;
}

/**
 * A query of durations with names by which to group them: columns root_id, run,
 * task, try, app, start, seconds, NULL without an end, and the names. By default
 * they are of tries: how long each was in a worker; if no log says it, from its launch
 * to its end. Then launched, started and outcome are columns, too, as in
 * try_times.sql, and in_worker: 1 or 0.
 *
 * @throws {TypeError} if only one event is given, or for a name of another column
 */
export function namedDurations(
  { from, to, root, run }: DurationsAsked,
  names: readonly string[],
): Sql {
  if ((from === undefined) !== (to === undefined)) {
    throw mistake("name both events, from and to, or none of them");
  }
  const others = names.filter((name) => !columns.includes(name));
  refuseTaken(others, taken);
  const places = others.filter((name) => placeNames.includes(name));
  const attributes = others.filter((name) =>
    !places.includes(name) && !Object.hasOwn(expressions, name)
  );
  const isOfTries = from === undefined || to === undefined;
  const roots = isOfTries ? tries : root ?? eventName(from).span;
  const times = isOfTries
    ? timesOfTries(run, places)
    : sql`SELECT pairs.*, "end" - start AS seconds${listOf(places)}
  FROM (${timesBetween({ from, to, root: roots, run })}) AS pairs${
      placesFor("pairs", roots, places, run)
    }`;
  const named = others.filter((name) => !places.includes(name)).map((name) =>
    sql`, ${expressions[name] ?? sql.id(name)} AS ${sql.id(name)}`
  );
  const isOfRun = others.some((name) => name in ofRun);
  return sql`SELECT times.*${sql.join(named, "")}
FROM (${times}) AS times${
    attributes.length > 0
      ? sql`
  LEFT JOIN (${valuesOf(roots, attributes)}) AS attribute
    ON attribute.root_id = times.root_id`
      : sql``
  }${
    isOfRun
      ? sql`
  LEFT JOIN (SELECT label, workflow, parsl_version FROM run
    JOIN run_label USING (id)) AS run_of ON run_of.label = times.run`
      : sql``
  }`;
}

/** A noun for what durations are of: "try". */
export const nounOf = ({ from, root }: DurationsAsked): string =>
  nounOfRoots(
    root ?? (from === undefined ? "parsl.rundir.try" : eventName(from).span),
  ) ?? "span";

/** What durations are, as a sentence ends. */
export const sourceOf = (
  { from, to }: DurationsAsked,
  inWorker: number | null,
): string =>
  from !== undefined && to !== undefined
    ? `from ${eventName(from).event} to ${eventName(to).event}`
    : inWorker
    ? "in a worker"
    : "from launch to end";

const columns = ["run", "task", "try", "app"];

const taken = ("root_id start end seconds in_worker launched started " +
  "outcome").split(" ");

const placeNames = ["executor", "block", "manager", "worker", "host"];

const ofRun: Readonly<Record<string, Sql>> = {
  version: sql`run_of.parsl_version`,
  workflow: sql`run_of.workflow`,
};

/** Names that say something of the run or of the time. */
const expressions: Readonly<Record<string, Sql>> = {
  ...ofRun,
  day: sql`CAST(floor(start / 86400) AS INTEGER)`,
  hour: sql`CAST(floor(start / 3600) AS INTEGER) % 24`,
};

/** How long tries were in a worker; if no log says it, from launch to end. */
function timesOfTries(run: string | undefined, places: readonly string[]): Sql {
  return sql`SELECT *, coalesce(started, launched) AS start,
    CASE WHEN in_worker = 1 THEN worker_seconds ELSE try_seconds END AS seconds
  FROM (
    SELECT *, max(CASE WHEN worker_seconds IS NULL THEN 0 ELSE 1 END) OVER ()
      AS in_worker
    FROM (
      SELECT root_id, run, task, "try", app, launched, started, outcome${
    listOf(places)
  },
        CASE WHEN finished >= started THEN finished - started END
          AS worker_seconds,
        CASE WHEN ended >= launched THEN ended - launched END AS try_seconds
      FROM (${tryTimes(run, places)}) AS tries
    ) AS lengths
  ) AS durations`;
}

/**
 * A query of the times of all tries, as try_times.sql describes, with what people
 * call them and with places.
 */
function tryTimes(run: string | undefined, places: readonly string[]): Sql {
  const events = run === undefined
    ? eventsOfTries
    : sql`SELECT * FROM (${eventsOfTries})
    WHERE root_id IN (SELECT id FROM span WHERE ${inRun(run)})`;
  const times = sql.module(tryTimesText, { events, places: sql`` });
  const isTry = sql`span.type IN (
    SELECT type FROM span_kind WHERE role = 'try')`;
  return sql.either(
    sql`SELECT times.*${listOf(places)}, names_of.run, task, "try", app
  FROM (${times}) AS times${placesFor("times", tries, places, run)}
    ${joinNames(sql`times.root_id`, isTry, run)}`,
    (campaign) =>
      sql.module(tryTimesInCampaignText, {
        times: sql.module(tryTimesText, {
          events: sql.raw("(SELECT * FROM try_step)"),
          places: sql.join(places.map((name) => sql`, ${agreed(name)}`), ""),
        }),
        others: tries,
        in_run: run === undefined
          ? sql`1 = 1`
          : sql`run = ${campaign.runNamed(run)}`,
      }),
  );
}

/** Names of columns, each after a comma. */
const listOf = (names: readonly string[]): Sql =>
  sql.join(names.map((name) => sql`, ${sql.id(name)}`), "");

/** A place, if all logs agree on it. */
const agreed = (name: string): Sql =>
  sql`CASE WHEN min(${sql.id(name)}) = max(${sql.id(name)})
    THEN min(${sql.id(name)}) END AS ${sql.id(name)}`;

/** JOIN to the places of the roots of a table. */
function placesFor(
  table: string,
  roots: Roots,
  names: readonly string[],
  run: string | undefined,
): Sql {
  if (names.length === 0) return sql``;
  const values = valuesOf(roots, names);
  const places = sql.either(values, (campaign) => {
    if (typeof roots !== "string" || !campaign.hasSteps(roots)) {
      return values.inCampaign(campaign);
    }
    return sql`SELECT root_id, ${sql.join(names.map(agreed))} FROM step
      WHERE root_type = ${roots} AND ${
      run === undefined ? sql`1 = 1` : sql`step.run = ${campaign.runNamed(run)}`
    } GROUP BY root_id`;
  });
  return sql`
  LEFT JOIN (${places}) AS place ON place.root_id = ${sql.id(table)}.root_id`;
}

/** The values of attributes, in the columns root_id and their names. */
function valuesOf(roots: Roots, names: readonly string[]): Sql {
  const { values, columns } = rootValues(roots, names, taken);
  return sql`SELECT ${columns}root_id FROM (${values}) AS attributes`;
}
