import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { nestedEvents, withDefaultEvents } from "../events/events_of.ts";
import { rootIds } from "../events/nested_spans.ts";
import {
  type AsyncQueryable,
  numberedSteps,
  positionsOf,
  stepsInOrder,
} from "../events/sequences_in_campaign.ts";
import { type Asking, rowsOf } from "../asking.ts";
import type { GroupOf } from "./compare_places.ts";
import {
  compareEvents,
  type CompareSpansOptions,
  sharedEvents,
  stepUntil,
} from "./compare_spans.ts";
import type { ComparedRun } from "./compared_runs.ts";
import { joinRuns } from "./find_run.ts";
import type {
  ComparedSteps,
  Sample,
  SampleName,
  StepTime,
} from "./step_differences.ts";

/** Root spans whose events are compared, of some runs or of all. */
export interface AskedRoots {
  /** The type of the root spans. */
  root: string;
  runs: readonly ComparedRun[] | undefined;
  /** Query of their groups, in columns root_id and category. */
  groups: Sql | undefined;
  groupOf: GroupOf;
}

/** The type of span that represents the tasks of all these runs. */
export function* rootOfTasks(
  runs: readonly ComparedRun[],
): Asking<string> {
  const found = yield* rowsOf<{ type: string; run: string }>(
    sql`SELECT DISTINCT type, run_of.run AS run
    FROM span ${joinRuns(sql`span.id`)}
    WHERE type IN (${sql.join(taskTypes)})`,
  );
  return taskTypes.find((type) => {
    const own = new Set(
      found.filter((row) => row.type === type).map(({ run }) => run),
    );
    return runs.every(({ run }) => own.has(run));
  }) ?? taskTypes[0]!;
}

const taskTypes = ["parsl.rundir.task", "parsl.monitoring.task"];

/** Columns root_id, run and category of the root spans. */
const namedRoots = ({ root, runs, groups }: AskedRoots): Sql =>
  sql`SELECT span.id AS root_id, run_of.run AS run, ${
    groups ? sql`grouped.category` : sql`NULL AS category`
  }
  FROM span ${joinRuns(sql`span.id`)} ${
    groups
      ? sql`LEFT JOIN (${groups}) AS grouped ON grouped.root_id = span.id`
      : sql``
  }
  WHERE type = ${root} AND ${isOfRuns(runs)}`;

const isOfRuns = (runs: AskedRoots["runs"]): Sql =>
  runs
    ? sql`run_of.run IN (${sql.join(runs.map(({ run }) => run))})`
    : sql`1 = 1`;

interface NamedRoot {
  root_id: number;
  run: string;
  category: string | number | null;
}

/** Compares the times until each event in a database. */
export function eventsInDatabase(
  db: Database,
  asked: AskedRoots,
  options: CompareSpansOptions,
): ComparedSteps {
  const samples: SampleName[] = [];
  const numbers = new Map<string, number>();
  const sampleOf = new Map<number, readonly number[]>();
  let leftOut = 0;
  // The check of the type's name.
  const roots = rootIds(asked.root);
  const rows = db.query<NamedRoot>(
    sql`SELECT * FROM (${namedRoots(asked)}) WHERE root_id IN (${roots})`,
  );
  for (const { root_id, ...tasks } of rows) {
    const group = asked.groupOf(tasks);
    if (group === undefined) leftOut++;
    else {
      const { run } = tasks;
      const number = numbers.getOrInsertComputed(
        JSON.stringify([run, group]),
        () => samples.push({ run, group }) - 1,
      );
      sampleOf.set(root_id, [number]);
    }
  }
  const compared = compareEvents(
    db,
    asked.runs
      ? sql`SELECT root_id FROM (${
        namedRoots({ ...asked, groups: undefined })
      })`
      : asked.root,
    samples,
    (id) => sampleOf.get(id) ?? [],
    options,
    asked.groups === undefined,
  );
  return { ...compared, leftOut };
}

interface TimesOfSteps {
  steps: Map<string, StepTime>;
}

/** The same in a campaign: DuckDB adds up the times of all root spans. */
export async function eventsInCampaign(
  campaign: AsyncQueryable,
  asked: AskedRoots,
  options: CompareSpansOptions,
): Promise<ComparedSteps> {
  const all = nestedEvents(asked.root, withDefaultEvents(options));
  const events = asked.runs
    ? sql`SELECT happened.* FROM (${all}) AS happened ${
      joinRuns(sql`root_id`)
    } WHERE ${isOfRuns(asked.runs)}`
    : all;
  const numbered = numberedSteps(events);
  const named = namedRoots(asked);
  const seen = await campaign.query<
    Omit<NamedRoot, "root_id"> & { event_type: string | null; spans: number }
  >(sql`WITH
      happened AS (
        SELECT root_id, event_type FROM (${events}) AS events
        WHERE time IS NOT NULL
      ),
      named AS (${named})
    SELECT run, category, event_type, count(*) AS spans
    FROM happened JOIN named USING (root_id)
    GROUP BY run, category, event_type
    UNION ALL
    SELECT run, category, NULL, count(*)
    FROM (SELECT DISTINCT root_id FROM happened) AS root
      JOIN named USING (root_id)
    GROUP BY run, category`);
  const samples = new Map<string, Omit<Sample, "steps"> & TimesOfSteps>();
  const keyOf = ({ run, category }: Omit<NamedRoot, "root_id">) =>
    JSON.stringify([run, category]);
  let leftOut = 0;
  for (const row of seen) {
    if (row.event_type !== null) continue;
    const group = asked.groupOf(row);
    if (group === undefined) leftOut += row.spans;
    else {
      samples.set(keyOf(row), {
        group,
        run: row.run,
        spans: row.spans,
        unfinished: 0,
        failed: 0,
        steps: new Map(),
      });
    }
  }
  const order = await stepsInOrder(campaign, numbered);
  const seenBy = new Map<string, SampleName[]>(
    order.map(({ event_type }) => [event_type, []]),
  );
  for (const row of seen) {
    const sample = samples.get(keyOf(row));
    if (row.event_type !== null && sample) {
      seenBy.get(row.event_type)!.push(sample);
    }
  }
  const { shared, missing } = sharedEvents(
    [...samples.values()],
    seenBy,
    asked.groups === undefined,
  );
  const places = positionsOf(
    order.filter(({ event_type }) => shared.has(event_type)),
  );
  const times = await campaign.query<
    Omit<NamedRoot, "root_id"> & {
      event_type: string;
      seconds: number;
      p95: number;
    }
  >(sql`WITH
      place (span_type, event_type, named, nth, position) AS (${places}),
      placed AS (
        SELECT root_id, event_type, time - lag(time) OVER (
            PARTITION BY root_id ORDER BY position) AS seconds
        FROM (${numbered}) AS numbered
          JOIN place USING (span_type, event_type, named, nth)
      ),
      spent AS (
        SELECT root_id, event_type, sum(seconds) AS seconds
        FROM placed WHERE seconds IS NOT NULL
        GROUP BY root_id, event_type
      )
    SELECT run, category, event_type, sum(seconds) AS seconds,
      percentile(seconds, 95) AS p95
    FROM spent JOIN (${named}) AS named USING (root_id)
    GROUP BY run, category, event_type`);
  for (const row of times) {
    const { seconds, p95 } = row;
    samples.get(keyOf(row))?.steps.set(stepUntil(row.event_type), {
      seconds,
      p95,
    });
  }
  return {
    steps: [...shared].map(stepUntil),
    samples: [...samples.values()],
    missing,
    leftOut,
  };
}
