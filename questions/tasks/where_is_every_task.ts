import { type Sql, sql } from "../../sql/mod.ts";
import { eventName } from "../events/event_names.ts";
import { eventsOf } from "../events/events_of.ts";
import { entriesInOrder, statesInOrder } from "../events/states_over_time.ts";
import { type TaskPlace, taskPlaces } from "./task_places.ts";
import { tries } from "./tries.ts";

/** What {@linkcode whereIsEveryTask} goes by. */
export interface WhereIsEveryTaskOptions {
  /** Where a task can be, in order. By default {@linkcode taskPlaces}. */
  places?: readonly TaskPlace[];
}

/**
 * Where every task is over time, as its tries go from component to component:
 * it waits on its dependencies, is in the DFK, the interchange, a manager, a
 * worker, on its way back, and done. Rows for `spansInState`.
 *
 * The columns: root_id, the task; time, in Unix seconds, at which it comes to
 * where it is; state, where that is, as {@linkcode taskPlaces} has it. In the
 * order of root_id and time. A task is there once, whoever tells of it: by its
 * parsl.log, or by monitoring where there is none. Logs that are missing make
 * fewer states.
 *
 * Each try goes forward, as `statesOverTime` has it: where a component writes
 * that a task came after the next one has it already, both have it at once. A
 * task that an executor takes back from a worker, without a new try, counts as
 * in a worker until it comes back from one.
 *
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} for an event without a span type
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
export function whereIsEveryTask(
  { places = taskPlaces }: WhereIsEveryTaskOptions = {},
): Sql {
  const entrances = places.flatMap(({ state, entered }) =>
    entered.map((event) => ({ state, ...eventName(event) }))
  );
  const events = eventsOf(tries, {
    spanTypes: entrances.map(({ span }) => span),
    eventTypes: entrances.map(({ event }) => event),
    events: "named",
  });
  const told = sql`SELECT ifnull(task_id, root_id) AS root_id,
  root_id AS span_id, event_id, time, ${stateOf(entrances)} AS state
FROM (${events}) LEFT JOIN (
  SELECT subspan_id AS root_id, min(superspan_id) AS task_id
  FROM span JOIN subspan ON superspan_id = span.id
  WHERE span.type IN ('parsl.rundir.task', 'parsl.monitoring.task')
  GROUP BY subspan_id) USING (root_id)
WHERE time IS NOT NULL`;
  const known = sql`SELECT * FROM (${told}) WHERE state IS NOT NULL`;
  const order = [...new Set(places.map(({ state }) => state))];
  return entriesInOrder(statesInOrder(known, order));
}

interface Entrance {
  span: string;
  event: string;
  state: string;
}

// A table to join with would be slower by half: there are few types.
function stateOf(entrances: readonly Entrance[]): Sql {
  const bySpan = Map.groupBy(entrances, ({ span }) => span);
  const branches = [...bySpan].map(([span, entrances]) => {
    const states = entrances.map(({ event, state }) =>
      sql`WHEN ${event} THEN ${state}`
    );
    return sql`WHEN ${span} THEN CASE event_type ${sql.join(states, " ")} END`;
  });
  // CASE needs a branch.
  return sql`CASE span_type WHEN NULL THEN NULL ${sql.join(branches, " ")} END`;
}
