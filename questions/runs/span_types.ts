import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { components } from "../events/components.ts";
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
  return sql.module(spanTypesText, { components });
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
