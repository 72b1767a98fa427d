import { withShortStack } from "../../display/notebook/jupyter.ts";
import { checkDatabase, listed, quoted } from "../../display/text/mistakes.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import {
  type Database,
  type Queryable,
  spanSql as sql,
  type Sql,
} from "../../sql/mod.ts";
import runLabelsText from "./run_labels.sql" with { type: "text" };
import runNamedText from "./run_named.sql" with { type: "text" };
import runsText from "./runs.sql" with { type: "text" };

/**
 * A run of Parsl, identified by its own id, the location of its logs, or both.
 */
export interface FoundRun {
  /** Id of the run; null if no log names it. */
  run: string | null;
  /** Directory of its logs; null if there are none. */
  rundir: string | null;
  /** Directory that monitoring recorded, when the run began. */
  directory: string | null;
}

/**
 * Finds a run by its label ("000"), its id, its directory, or a unique part of
 * these.
 *
 * @throws {RangeError} with a list of the runs, if none or several match
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { findRun } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const { run } = findRun(db, "000");
 * assert.equal(run, "8b02009a-662b-47a8-8ae8-abfaf19f296a");
 * ```
 */
export function findRun(db: Database, name: string): FoundRun {
  checkDatabase("findRun", db);
  return runNamed(db, String(name));
}

function runNamed(db: Queryable, name: string): FoundRun {
  const runs = runsOf(db);
  // Monitoring may have recorded the directory of this label for an earlier run.
  const labels = runLabels(db);
  const labelled = runs.find(({ run, rundir }) =>
    labels.get(run ?? rundir) === name
  );
  if (labelled) return labelled;
  const matchers: ((text: string) => boolean)[] = [
    (text) => text === name,
    (text) => text.endsWith(`/${name}`),
    // Almost any id contains a given digit.
    (text) => name.length >= 4 && text.includes(name),
  ];
  for (const matches of matchers) {
    const found = runs.filter(({ run, rundir, directory }) =>
      [run, rundir, directory].some((text) => text !== null && matches(text))
    );
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      throw withShortStack(
        new RangeError(
          `${quoted(name)} matches ${found.length} runs: ${
            listed(found.map((run) => nameIn(labels, run)))
          }. Name one of them`,
        ),
      );
    }
  }
  const names = runs.map((run) => nameIn(labels, run));
  throw withShortStack(
    new RangeError(
      `there is no run ${quoted(name)}` + (
        runs.length
          ? `${didYouMean(name, names) || "."} The ${
            runs.length === 1 ? "run is" : "runs are"
          } ${listed(names)}`
          : ", nor any other run"
      ),
    ),
  );
}

/**
 * A condition for your own SQL on the table `span`: the span belongs to a run. A
 * name that fits no run, or several, is an error when the query runs, as with
 * {@linkcode findRun}.
 *
 * @param name the run's label ("000"), its id, its directory, or a unique part of
 * these; undefined for all runs
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { inRun } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const [row] = db.query(sql`SELECT count(*) AS tasks FROM span
 *   WHERE type = 'parsl.rundir.task' AND ${inRun("000")}`);
 * assert.equal(row?.tasks, 62);
 * ```
 */
export const inRun = (name: string | undefined): Sql =>
  name === undefined ? sql`1 = 1` : sql.either(
    sql`coalesce(span.attributes ->> 'run', span.attributes ->> 'rundir') IN (${
      keyOfRun(name)
    })`,
    (campaign) => sql`span.run = ${campaign.runNamed(name)}`,
  );

/**
 * A query of the id of a run, or else its directory, in a column key; in a
 * campaign, of what its column run is.
 */
export const keyOfRun = (name: string): Sql =>
  sql.checked(
    sql.either(
      sql`SELECT found AS "key" FROM (${
        sql.module(runNamedText, {
          runs: sql.module(runsText, {}),
          labels: labelsByName,
          name,
        })
      })`,
      (campaign) => sql`SELECT ${campaign.runNamed(name)} AS "key"`,
    ),
    (db) => void runNamed(db, name),
  );

/** The same query about one run, if it is named: a campaign reads no other. */
export const ofRun = (query: Sql, name: string | undefined): Sql =>
  name === undefined ? query : sql.either(
    query,
    (campaign) => campaign.ofRun(query.inCampaign(campaign), name),
  );

/** The label of each run, by its id and by its directory: columns name, label. */
const labelsByName: Sql = sql.materialized(
  sql.module(runLabelsText, {}),
  ["name", "label"],
  1,
);

/** The name of the run of each span: columns id and run. */
const runsOfSpans: Sql = sql`SELECT span.id AS id, coalesce(label,
    span.attributes ->> 'run', span.attributes ->> 'rundir') AS run
  FROM span LEFT JOIN (${labelsByName}) ON name =
    coalesce(span.attributes ->> 'run', span.attributes ->> 'rundir')`;

/**
 * JOIN, after a table that has the id of a span, to run_of: its column run is the
 * label of the span's run.
 *
 * @param id the column
 */
export const joinRuns = (id: Sql): Sql =>
  sql.either(
    sql`JOIN (${runsOfSpans}) AS run_of ON run_of.id = ${id}`,
    // Joining all spans of a campaign takes gigabytes. The numbers of ids tell
    // their run.
    () =>
      sql`JOIN run_number AS run_of
      ON run_of.number = floor(${id} / 16777216e0)`,
  );
/** The app of each task, by its run. */
const appsOfTasks: Sql = sql.materialized(
  sql`SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
    attributes ->> 'task' AS task, max(attributes ->> 'app') AS app
  FROM span JOIN span_kind ON span_kind.type = span.type
  WHERE role = 'task' AND attributes ->> 'app' IS NOT NULL
    AND coalesce(attributes ->> 'run', attributes ->> 'rundir') IS NOT NULL
    AND attributes ->> 'task' IS NOT NULL
  GROUP BY 1, 2`,
  ["run", "task", "app"],
  2,
);

const runOfSpan = sql`coalesce(
    span.attributes ->> 'run', span.attributes ->> 'rundir')`;

/** The columns id, task, try and app of spans. */
const namesOfSpans: Sql = sql`span.id AS id,
    span.attributes ->> 'task' AS task, span.attributes ->> 'try' AS "try",
    coalesce(span.attributes ->> 'app', apps.app,
      span.attributes ->> 'category') AS app`;

/**
 * JOIN, after a table that has the id of a span, to names_of: what people call the
 * span, in the columns run, task, try and app, each NULL if it has none. The
 * category of a queue's task is its app, if no other is known.
 *
 * @param id the column
 * @param isNamed condition on span: the spans whose ids it may have
 * @param run the only run of these, if there is one
 */
export const joinNames = (id: Sql, isNamed: Sql, run?: string): Sql =>
  sql`JOIN (${
    sql.either(
      // A span may have many rows: its attributes are parsed once. The columns
      // of the table have no type, so its key serves only an expression, +id.
      sql.materialized(
        sql`SELECT ${namesOfSpans}, coalesce(label, ${runOfSpan}) AS run
    FROM span LEFT JOIN (${labelsByName}) ON name = ${runOfSpan}
      LEFT JOIN (${appsOfTasks}) AS apps ON apps.run = ${runOfSpan}
        AND apps.task = span.attributes ->> 'task'
    WHERE ${isNamed}`,
        ["id", "task", "try", "app", "run"],
        1,
      ),
      (campaign) =>
        sql`SELECT span.id AS id, span.task AS task, span."try" AS "try",
      span.app AS app, run_number.run AS run
    FROM span JOIN run_number ON number = floor(span.id / 16777216e0)
    WHERE ${isNamed.inCampaign(campaign)} AND ${
          run === undefined
            ? sql`1 = 1`
            : sql`span.run = ${campaign.runNamed(run)}`
        }`,
    )
  }) AS names_of ON names_of.id = +${id}`;

/** Condition on the table span: it belongs to a run. */
export const isOfRun = ({ run, rundir }: FoundRun): Sql =>
  run === null
    ? sql`attributes ->> 'rundir' = ${rundir}`
    : sql`attributes ->> 'run' = ${run}`;

/**
 * The name of a run in rows: its id, or else its directory. Undefined for all
 * runs.
 *
 * @throws {RangeError} with a list of the runs, if none or several match
 */
export function nameOfRun(
  db: Database,
  name: string | undefined,
): string | undefined {
  if (name === undefined) return undefined;
  const { run, rundir } = findRun(db, name);
  return run ?? rundir!;
}

/**
 * The label of each run, such as "000", by its id and by its directory. A run
 * that no log describes has none.
 */
export function runLabels(db: Queryable): Map<string | null, string> {
  const runs = db.query<Record<"run_id" | "rundir" | "label", string>>(
    sql`SELECT run_id, rundir, label FROM run JOIN run_label USING (id)`,
  );
  return new Map(
    runs.flatMap(({ run_id, rundir, label }) => [
      [run_id, label],
      [rundir, label],
    ]),
  );
}

/** The runs of all logs: a parsl.log or monitoring may be missing. */
const runsOf = (db: Queryable): FoundRun[] =>
  db.query<FoundRun>(sql.module(runsText, {}));

/** The label of a run, or else what identifies it. */
const nameIn = (
  labels: ReadonlyMap<string | null, string>,
  { run, rundir }: FoundRun,
): string => labels.get(run ?? rundir) ?? rundir ?? run!;
