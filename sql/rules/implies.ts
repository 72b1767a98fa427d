import { Connection } from "../connection.ts";
import type { Database } from "../database.ts";
import { NativeEngine } from "../engines/native.ts";
import { insertRows } from "../insert.ts";
import { createSchema } from "../schema.ts";
import { type Sql, sql } from "../template.ts";
import { type ChosenRows, rowsInSql } from "./chosen_rows.ts";
import { anyOf } from "./columns.ts";
import { type Findings, findSources, startFindings } from "./contradictions.ts";
import { imply } from "./implications.ts";
import { copyRows, createKeys, type Keys } from "./keys.ts";
import { attributeText, member, unchanged } from "./records.ts";
import type { Merged, MergeReport } from "./report.ts";
import { checkRules, type ImpliesRule } from "./rules.ts";
import { forEachCombination } from "./write_implied.ts";

/**
 * Completes records from other records: if some members determine others in the
 * records that have both, a record that has only the first gets the others.
 * Rules are applied to a fixpoint; the order of records and rules does not
 * matter, and repeating it changes nothing.
 *
 * If the same members lead to different values, the rule ignores them and both
 * sides are reported; likewise if two rules lead to different values for one
 * record. Values are compared as text; a missing or null one equals nothing.
 * The time is about linear in the number of records.
 *
 * @param records any iterable of plain objects: events, log records, the rows
 * of a query
 * @param rules the rules of {@linkcode bind} that imply
 * @returns the records in their order, and contradictions
 * @throws {TypeError} for any other rule
 *
 * @example
 * ```ts
 * import { implies } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const rows = [
 *   { event: "sold", cabin: "12", guest: "Ida" },
 *   { event: "cleaned", cabin: "12" },
 *   { event: "sold", cabin: "13", guest: "Bo" },
 *   { event: "sold", cabin: "13", guest: "Ann" },
 * ];
 * const merged = implies(rows, [{ implies: ["cabin"], gives: ["guest"] }]);
 * assert.deepEqual(merged.records[1], {
 *   event: "cleaned",
 *   cabin: "12",
 *   guest: "Ida",
 * });
 * assert.deepEqual(merged.contradictions, [{
 *   rule: "implies: cabin => guest",
 *   on: { cabin: "13" },
 *   sides: [
 *     { values: { guest: "Ann" }, record: rows[3] },
 *     { values: { guest: "Bo" }, record: rows[2] },
 *   ],
 * }]);
 * ```
 */
export function implies<T extends object>(
  records: Iterable<T>,
  rules: Iterable<ImpliesRule>,
): Merged<T>;

/**
 * Completes spans, events or log records of a database from the others. For a
 * span, `implied` then names the new attributes, and the next `bind` removes
 * them again.
 *
 * @param rows the rows to complete, by default all spans
 * @throws {TypeError} for any other rule, and for rows that do not exist
 *
 * @example
 * ```ts
 * import { createSchema, implies, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`INSERT INTO log_record (entry) VALUES
 *   ('{"cabin":12,"guest":"Ida"}'), ('{"cabin":"12"}')`);
 *
 * const rules = [{ implies: ["cabin"], gives: ["guest"] }];
 * assert.equal(implies(db, rules, { table: "log_record" }).changed, 1);
 * assert.deepEqual(
 *   [...db.query("SELECT entry ->> 'guest' AS guest FROM log_record")],
 *   [{ guest: "Ida" }, { guest: "Ida" }],
 * );
 * ```
 */
export function implies(
  db: Database,
  rules: Iterable<ImpliesRule>,
  rows?: ChosenRows,
): MergeReport;

export function implies(
  given: Database | Iterable<object>,
  rules: Iterable<ImpliesRule>,
  rows: ChosenRows = {},
): Merged<object> | MergeReport {
  const all = [...rules];
  for (const rule of all) {
    if ("implies" in Object(rule)) continue;
    throw new TypeError(
      "implies() takes rules { implies: [names], gives: [names] }, not " +
        JSON.stringify(rule),
    );
  }
  const checked = checkRules(all);
  return Symbol.iterator in given
    ? implyRecords([...given], checked)
    : implyRows(given, checked, rows);
}

function implyRows(
  db: Database,
  rules: ReadonlyMap<string, ImpliesRule>,
  chosen: ChosenRows,
): MergeReport {
  const { table, json, where, isSpan } = rowsInSql(chosen);
  createSchema(db);
  return db.transaction(() => {
    const type = chosen.table === "log_record" ? sql`NULL` : sql`type`;
    const keys = copyRows(
      db,
      [...rules.values()],
      sql`SELECT id, ${type} AS type, source_id, ${json} AS attributes
        FROM ${table} WHERE ${where}`,
    );
    const findings = startFindings(rules);
    imply(db, keys, findings);
    let changed = 0;
    forEachCombination(
      db,
      keys,
      isCompleted(keys),
      ({ names, json: values, chosen }) => {
        const implied = sql`, implied = (SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(implied)
        UNION ALL SELECT value FROM json_each(${JSON.stringify(names)})))`;
        changed += db.run(sql`UPDATE ${table} AS t SET
          ${json} = json_patch(ifnull(t.${json}, '{}'), (
            SELECT ${values} FROM temp.dnpc_key WHERE span_id = t.id))
          ${isSpan ? implied : sql``}
        WHERE id IN (${chosen})`).changes;
      },
    );
    db.run("DROP TABLE temp.dnpc_key");
    const { contradicted, contradictions } = collect(
      findings,
      (values, id) => ({ values, id, sources: [] }),
    );
    findSources(db, contradictions, ({ id }) => id, chosen.table);
    return { changed, contradicted, contradictions };
  });
}

/** In a database of its own: the SQL of bind() is the only implementation. */
function implyRecords(
  given: object[],
  rules: ReadonlyMap<string, ImpliesRule>,
): Merged<object> {
  using db = new Connection(new NativeEngine(":memory:"));
  const keys = createKeys(
    db,
    [...rules.values()],
    sql`(SELECT span_id AS id, NULL AS type, NULL AS source_id
      FROM temp.dnpc_key)`,
  );
  const { attributes, given: implied } = keys;
  const names = ["span_id", ...attributes.map((_, i) => `a${i}`)];
  insertRows(
    db,
    "dnpc_key",
    names,
    given.values().map((record, i) => [
      i,
      ...attributes.map((name) => attributeText(member(record, name)) ?? null),
    ]),
  );
  const findings = startFindings(rules);
  imply(db, keys, findings);
  const merged = unchanged([...given]);
  const columns = implied.map((name) =>
    sql`iif(${keys.implied(name)}, ${keys.column(name)}, NULL)`
  );
  const valueOf = implied.map((name) => typedValues(given, name));
  const completed = db.iterate<Record<string, string | null>>(sql`
    SELECT ${
    sql.join([
      sql`span_id`,
      ...columns.map((c, i) => sql`${c} AS ${sql.id(`v${i}`)}`),
    ])
  }
    FROM temp.dnpc_key WHERE ${isCompleted(keys)}`);
  for (const row of completed) {
    const values = implied.flatMap((name, i) => {
      const text = row[`v${i}`]!;
      return text === null ? [] : [[name, valueOf[i]!(text)]];
    });
    const number = Number(row.span_id);
    merged.records[number] = {
      ...given[number],
      ...Object.fromEntries(values),
    };
    merged.changed++;
  }
  return Object.assign(
    merged,
    collect(findings, (values, i) => ({ values, record: given[i]! })),
  );
}

function isCompleted(keys: Keys): Sql {
  return anyOf([sql`0`, ...keys.given.map(keys.implied)]);
}

/**
 * The value of a member for its text: a number or boolean if all records that
 * have the text agree on the type, otherwise the text.
 */
function typedValues(records: readonly object[], name: string) {
  const values = new Map<string, unknown>();
  for (const record of records) {
    const value = member(record, name);
    const text = attributeText(value);
    if (text === undefined) continue;
    const known = values.get(text);
    if (known === undefined) values.set(text, value);
    else if (typeof known !== typeof value) values.set(text, text);
  }
  return (text: string) => values.get(text) ?? text;
}

/** Results of all rules, with sides of another shape. */
function collect<Side>(
  findings: readonly Findings[],
  sideOf: (values: Record<string, string | null>, id: number) => Side,
) {
  return {
    contradicted: findings.reduce((sum, each) => sum + each.contradicted, 0),
    contradictions: findings.flatMap(({ contradictions }) =>
      contradictions.map(({ rule, on, sides }) => ({
        rule,
        on,
        sides: sides.map(({ values, spanId }) => sideOf(values, spanId)),
      }))
    ),
  };
}
