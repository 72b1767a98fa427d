import { type Sql, sql } from "../../sql/mod.ts";
import { componentsOf } from "../events/events_of.ts";
import relatedTypesText from "./related_types.sql" with { type: "text" };
import spanTypesText from "./span_types.sql" with { type: "text" };

/**
 * Lists the types of spans in the database.
 *
 * The columns: type; spans, how many; events, how many happened to them; named,
 * how many of these have a name and are no template; first and last, the times
 * of the first and last event, in Unix seconds; attributes, the names of all
 * attributes of these spans, as a JSON array; component, which describes them:
 * the type without its last part. In the order of the types.
 *
 * Reads all spans and events once: a second for a million events.
 *
 * @returns a query, to run or to put in parentheses in another query
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
export function spanTypes(): Sql {
  return sql.module(spanTypesText, { components: componentsOf() });
}

/**
 * Lists which types of spans hold or equal each other: a row for each two types.
 *
 * The columns: type; relation, "holds" if its spans have subspans of the other
 * type, "equals" if both describe the same entities; related_type; pairs, how
 * many pairs of spans, each counted once; spans and related_spans, how many of
 * either type are in one; recorded, how many pairs a source recorded; rules, a
 * JSON array of the rules that found the others. In the order of the types. Of
 * two types that are equal, the first in the alphabet is the first here.
 *
 * @returns a query, to run or to put in parentheses in another query
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
export function relatedTypes(): Sql {
  return sql.module(relatedTypesText, {});
}
