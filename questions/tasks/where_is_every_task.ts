import { checkDatabase, checkOptions } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { inRun, ofRun } from "../runs/find_run.ts";
import { eventName } from "../events/event_names.ts";
import { nestedEvents } from "../events/events_of.ts";
import { entriesInOrder, rankedStates } from "../events/states_over_time.ts";
import type { WeightOption } from "../events/weights.ts";
import triesText from "./tries.sql" with { type: "text" };
import whereText from "./where_is_every_task.sql" with { type: "text" };

/** A place of a task, and the events with which the task enters it. */
export interface TaskPlace {
  /** The name of the place. */
  state: string;
  /** Events that enter it, as "span type/event type". */
  entered: readonly string[];
}

/** The places of {@linkcode whereIsEveryTask}. */
export interface WhereIsEveryTaskOptions extends WeightOption {
  /** The places of a task, in order. By default {@linkcode taskPlaces}. */
  places?: readonly TaskPlace[];
  /**
   * Only tasks of this run: its label ("000"), its id, its directory, or a unique
   * part of these. By default of all runs.
   */
  run?: string | undefined;
}

/** A query of the ids of all tries, each once. */
export const tries: Sql = sql.module(triesText, {});

/** The named events of all tries, each once, as events_of.sql describes. */
export const eventsOfTries: Sql = nestedEvents(
  tries,
  { events: "named" },
  { isKept: true, haveSteps: true },
);

/**
 * Finds where every task is over time, as its tries go from component to
 * component: waiting on dependencies, in the DFK, the interchange, a manager, a
 * worker, on its way back, and done. The rows suit `spansInState`.
 *
 * The columns: root_id, the task; time, in Unix seconds, at which it arrives;
 * state, the place, as {@linkcode taskPlaces} lists them; its run, Parsl's number
 * of the task, and its app. In the order of root_id and time. Each task appears once, from its parsl.log, or from
 * monitoring if there is none. Without the logs of an executor a task stays in
 * the DFK until it is done.
 *
 * Each try only goes forward, as in `statesOverTime`: if a component logs the
 * arrival of a task after the next component has received it, the task arrives
 * at both at once. A task that an executor takes back from a worker without a
 * new try counts as in a worker until it returns from one.
 *
 * With `weight: "cores"`, another column `cores` is that number of the task, as
 * in `statesOverTime`.
 *
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for an event without a span type, and for a weight named
 * like another column
 * @throws {RangeError} when it runs, if no task has the number `weight`: the
 * message lists the numbers there are
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { whereIsEveryTask } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * // How many tasks were ever in a worker.
 * const rows = db.query(sql`
 *   SELECT count(DISTINCT root_id) AS tasks FROM (${whereIsEveryTask()})
 *   WHERE state = 'in a worker'`);
 * assert.deepEqual([...rows], [{ tasks: 57 }]);
 * ```
 */
export function whereIsEveryTask(options: WhereIsEveryTaskOptions = {}): Sql {
  checkOptions("whereIsEveryTask", options, {
    places: true,
    weight: true,
    run: true,
  });
  const { places, weight, run } = options;
  const all = placesWith(places ? entrancesOf(places) : usualEntrances);
  const states = run === undefined ? all : sql`SELECT * FROM (${all})
    WHERE root_id IN (SELECT id FROM span WHERE ${inRun(run)})`;
  const entries = entriesInOrder(rankedStates(states), tasks, {
    weight,
    run,
    names: ["task", "app"],
  });
  return sql.about(ofRun(entries, run), "task");
}

/** Tasks, and tries of which no task is known. */
const tasks = sql`SELECT span.id
  FROM span JOIN span_kind ON span_kind.type = span.type
  WHERE role IN ('task', 'try')`;

const usualEntrances = sql`SELECT span_type, event_type, place,
      dense_rank() OVER (ORDER BY place_rank),
      CASE WHEN place_rank = max(place_rank) OVER () THEN 1 ELSE 0 END
    FROM event_kind WHERE place IS NOT NULL`;

const placesWith = (entrances: Sql): Sql =>
  sql.module(whereText, { entrances, events: eventsOfTries });

/** Where every task is, in no order, as states_in_order.sql describes. */
export const placesOfTasks: Sql = rankedStates(placesWith(usualEntrances));

function entrancesOf(places: readonly TaskPlace[]): Sql {
  const states = [...new Set(places.map(({ state }) => state))];
  const rows = places.flatMap(({ state, entered }) =>
    entered.map((name) => {
      const { span, event } = eventName(name);
      const rank = states.indexOf(state) + 1;
      return sql`(${span}, ${event}, ${state}, ${rank}, ${
        rank === states.length
      })`;
    })
  );
  return rows.length > 0
    ? sql`VALUES ${sql.join(rows)}`
    : sql`SELECT NULL, NULL, NULL, NULL, NULL WHERE 1 = 0`;
}

/**
 * Lists the places that tasks pass through, in order: the places of
 * {@linkcode whereIsEveryTask} unless others are given. They come from the
 * table `event_kind`, which imports fill from the definitions of the log
 * formats.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { taskPlaces } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const states = taskPlaces(db).map(({ state }) => state);
 * assert.deepEqual(states.slice(0, 2), ["waiting on dependencies", "in the DFK"]);
 * assert.deepEqual(states.slice(-2), ["failed", "to be tried again"]);
 * ```
 */
export function taskPlaces(db: Database): TaskPlace[] {
  checkDatabase("taskPlaces", db);
  const rows = db.query<{ state: string; event: string }>(sql`
    SELECT place AS state, span_type || '/' || event_type AS event
    FROM event_kind WHERE place IS NOT NULL
    ORDER BY place_rank, span_type, rank`);
  return [...Map.groupBy(rows, ({ state }) => state)].map(([state, rows]) => ({
    state,
    entered: rows.map(({ event }) => event),
  }));
}
