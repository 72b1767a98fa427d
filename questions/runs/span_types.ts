import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { checkOptions } from "../../display/text/mistakes.ts";
import { components } from "../events/components.ts";
import { inRun, ofRun } from "./find_run.ts";
import relatedTypesText from "./related_types.sql" with { type: "text" };
import spanTypesText from "./span_types.sql" with { type: "text" };

/**
 * Lists the types of spans in the database.
 *
 * The columns: type; spans, their number; events, the number of their events;
 * named, the number of these that have a name instead of a template; first and
 * last, the times of the first and last event, in Unix seconds; attributes, the
 * names of all attributes of these spans, as a JSON array; component, which
 * describes them: the type without its last part. In the order of the types.
 *
 * Reads all spans and events once: a second for a million events.
 *
 * @param options.run only spans of this run: its label ("000"), its id, its
 * directory, or a unique part of these
 * @returns a query, to run or to put in parentheses in another query
 * @throws {RangeError} when it runs, for a name that fits no run
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { spanTypes } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const rows = db.query(sql`
 *   SELECT type, spans, named FROM (${spanTypes()})
 *   WHERE component = 'parsl.rundir'`);
 * assert.deepEqual([...rows], [
 *   { type: "parsl.rundir.task", spans: 104, named: 104 },
 *   { type: "parsl.rundir.try", spans: 116, named: 344 },
 *   { type: "parsl.rundir.workflow", spans: 1, named: 0 },
 * ]);
 * ```
 */
export function spanTypes(options: { run?: string | undefined } = {}): Sql {
  checkOptions("spanTypes", options, { run: true });
  const { run } = options;
  return ofRun(
    sql.module(spanTypesText, {
      components,
      in_run: inRun(run),
      names: sql.either(
        sql`SELECT span.type, attribute.key AS name
          FROM span CROSS JOIN json_each(span.attributes) AS attribute
          WHERE ${inRun(run)}`,
        // DuckDB would join the rows of json_each() by the text of attributes.
        (campaign) =>
          sql`SELECT type, unnest(json_keys(attributes)) AS name
          FROM span WHERE ${inRun(run).inCampaign(campaign)}`,
      ),
    }),
    run,
  );
}

/**
 * Lists the types of spans that contain or equal each other, with one row per
 * pair of types.
 *
 * The columns: type; relation, "holds" if its spans have subspans of the other
 * type, "equals" if both describe the same entities; related_type; pairs, the
 * number of pairs of spans, each counted once; spans and related_spans, the
 * number of spans of either type in a pair; recorded, the number of pairs that
 * a source recorded; rules, a JSON array of the rules that found the others. In
 * the order of the types. Two equal types are in alphabetical order.
 *
 * @param options.run only spans of this run: its label ("000"), its id, its
 * directory, or a unique part of these
 * @returns a query, to run or to put in parentheses in another query
 * @throws {RangeError} when it runs, for a name that fits no run
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { relatedTypes } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const rows = db.query(sql`
 *   SELECT relation, related_type, pairs, rules FROM (${relatedTypes()})
 *   WHERE type = 'parsl.monitoring.task'`);
 * assert.deepEqual([...rows], [
 *   {
 *     relation: "equals",
 *     related_type: "parsl.rundir.task",
 *     pairs: 104,
 *     rules:
 *       '["facet: parsl.monitoring.task = parsl.rundir.task on run, task"]',
 *   },
 *   {
 *     relation: "holds",
 *     related_type: "parsl.monitoring.try",
 *     pairs: 116,
 *     rules: "[]",
 *   },
 * ]);
 * ```
 */
export function relatedTypes(options: { run?: string | undefined } = {}): Sql {
  checkOptions("relatedTypes", options, { run: true });
  const { run } = options;
  return ofRun(sql.module(relatedTypesText, { in_run: inRun(run) }), run);
}
