import { checkOptions } from "../../display/text/mistakes.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import {
  eventsOfNames,
  type EventsOfOptions,
  nestedEvents,
} from "./events_of.ts";
import managerHostsText from "./manager_hosts.sql" with { type: "text" };
import { checkRoots, type Roots } from "./nested_spans.ts";
import { ofRun } from "../runs/find_run.ts";
import spanNamesText from "./span_names.sql" with { type: "text" };
import stepsText from "./steps.sql" with { type: "text" };

/**
 * Lists the steps of each root span: its events and those of every span nested in
 * it or equal to it, each with the run, the app and the place where it happened.
 * It is the widest table of events, for SQL of your own, for data frames and for
 * other programs.
 *
 * The columns: run, its label; root_type and root_id, the root; time, in Unix
 * seconds; span_type and event_type; nth, the occurrence number of this event
 * within the root; named, 1 or 0; component, which reported it; app, executor,
 * block, manager, worker and host, of the span or else of the root; span_id and
 * event_id. In the order of root_id, time and event_id; events without a time
 * come first. A name that no log has is NULL.
 *
 * The rows are those of {@linkcode eventsOf}, which is faster if you need no
 * names. The names of all spans are kept like the events, at 7 MB for 100,000
 * spans.
 *
 * @param roots a span type, or a query of span ids
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} if events is neither "named" nor "all"
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { steps } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * // What each worker received, retries included.
 * const rows = db.query(sql`
 *   SELECT host, worker, count(*) AS received, count(DISTINCT root_id) AS tasks
 *   FROM (${steps("parsl.rundir.task")})
 *   WHERE event_type = 'worker_received_task'
 *   GROUP BY host, worker ORDER BY worker`);
 * assert.deepEqual([...rows], [
 *   { host: "vm", worker: "0", received: 41, tasks: 37 },
 *   { host: "vm", worker: "1", received: 22, tasks: 22 },
 * ]);
 * ```
 */
export function steps(roots: Roots, options: EventsOfOptions = {}): Sql {
  checkRoots("steps", roots);
  checkOptions("steps", options, eventsOfNames);
  const found = sql.either(
    sql.module(stepsText, {
      events: nestedEvents(roots, options),
      names: spanNames,
    }),
    (campaign) => {
      const isOther = typeof roots === "string" && !campaign.hasSteps(roots);
      if (isOther) {
        throw new RangeError(
          `a campaign has the steps of tasks and tries, not of ${roots}: ask ` +
            "eventsOf() for its events",
        );
      }
      const events = nestedEvents(roots, options).inCampaign(campaign);
      // Occurrences count among the events that the options select.
      return sql`SELECT label AS run, root_type, root_id, time, span_type,
  event_type, row_number() OVER (
    PARTITION BY root_id, span_type, event_type
    ORDER BY selected.at, event_id
  ) AS nth, named, component, app, executor, block, manager, worker, host,
  span_id, event_id
FROM (SELECT root_id, event_id, events.at FROM (${events}) AS events)
  AS selected
  JOIN step USING (root_id, event_id)
  LEFT JOIN run_label USING (run)
ORDER BY root_id, selected.at, event_id`;
    },
  );
  return ofRun(found, options.run);
}

/**
 * A query of the host of each manager: columns manager, executor, rundir and host,
 * where an executor or a directory that no log names is an empty text.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { managerHosts } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * const hosts = db.query(managerHosts).map(({ host }) => host);
 * assert.deepEqual([...new Set(hosts)], ["vm"]);
 * ```
 */
export const managerHosts: Sql = sql.module(managerHostsText, {});

/** The names of all spans, as span_names.sql describes. */
export const spanNames = sql.materialized(
  sql.module(spanNamesText, {
    labels: sql.materialized(
      sql`SELECT id, label FROM run_label`,
      ["id", "label"],
      1,
    ),
    hosts: sql.materialized(
      managerHosts,
      ["manager", "executor", "rundir", "host"],
      3,
    ),
  }),
  [
    "span_id",
    "type",
    "run",
    "app",
    "executor",
    "block",
    "manager",
    "worker",
    "host",
  ],
  1,
);
