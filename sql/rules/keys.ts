import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { isConcerned } from "./concerned.ts";
import { jsonPath } from "./json.ts";
import { findImpliedBefore, findMade } from "./made.ts";
import {
  contextNames,
  contextType,
  type ImpliesRule,
  type Rule,
} from "./rules.ts";

/**
 * The attributes that rules use, copied once from JSON to columns of a
 * temporary table: to join on JSON itself would be quadratic.
 */
export interface Keys {
  /** The column of an attribute: what was said, and what rules imply. */
  column(attribute: string): Sql;
  /** The column that is 1 where an attribute that rules give is implied. */
  implied(attribute: string): Sql;
  /** The column of what rules that were run before implied, or NULL. */
  before(attribute: string): Sql;
  /** The number of a type that a rule relates, in the column type. */
  type(name: string): Sql;
  /** The attributes that rules give. */
  given: readonly string[];
  /** What the rows are of: a table with the columns id, type and source_id. */
  rows: Sql;
}

/** The attributes of a span without those that rules implied before. */
export const saidAttributes: Sql = sql`iif(span.implied IS NULL,
  span.attributes,
  json_patch(span.attributes, (
    SELECT json_group_object(value, NULL) FROM json_each(span.implied))))`;

/**
 * Makes the temporary tables dnpc_key, of what was said, and dnpc_made, of the
 * spans that rules made, which are not in it.
 */
export function copyKeys(db: Database, rules: readonly Rule[]): Keys {
  const attributes = [...new Set(rules.flatMap(attributesOf))];
  const types = [...new Set(rules.flatMap(typesOf))];
  const keys = createKeys(db, rules, sql`span`);
  const wasImplied = columnsOf(attributes, "w");
  findImpliedBefore(db, attributes, attributes.map(wasImplied));
  findMade(db);
  copySpans(db, keys, attributes, types, wasImplied, isConcerned(db, rules));
  db.run("DROP TABLE temp.dnpc_before");
  return keys;
}

/**
 * Makes dnpc_key for implications alone, over any rows.
 *
 * @param rows the rows, with the columns id, type, source_id and attributes
 */
export function copyRowKeys(
  db: Database,
  rules: readonly ImpliesRule[],
  rows: Sql,
): Keys {
  const attributes = [...new Set(rules.flatMap(attributesOf))];
  const keys = createKeys(db, rules, sql`(${rows})`);
  const values = attributes.map((name) =>
    sql`attributes ->> ${jsonPath(name)}`
  );
  db.run(sql`INSERT INTO temp.dnpc_key (
      ${sql.join([sql`span_id`, ...attributes.map(keys.column)])})
    SELECT ${sql.join([sql`id`, ...values])} FROM (${rows})`);
  return keys;
}

function columnsOf(attributes: readonly string[], prefix: string) {
  return (name: string) => sql.id(`${prefix}${attributes.indexOf(name)}`);
}

function createKeys(db: Database, rules: readonly Rule[], rows: Sql): Keys {
  const attributes = [...new Set(rules.flatMap(attributesOf))];
  const types = [...new Set(rules.flatMap(typesOf))];
  const keys: Keys = {
    column: columnsOf(attributes, "a"),
    implied: columnsOf(attributes, "i"),
    before: columnsOf(attributes, "b"),
    type: (name) => literal(types.indexOf(name)),
    given: [...new Set(rules.flatMap(givenBy))],
    rows,
  };
  createTable(db, keys, attributes);
  return keys;
}

function createTable(
  db: Database,
  keys: Keys,
  attributes: readonly string[],
): void {
  // The column other is 1 where an attribute was implied that no rule gives
  // any more.
  const columns = [
    sql`span_id INTEGER PRIMARY KEY, type INTEGER, other INTEGER`,
    ...attributes.map((name) => sql`${keys.column(name)} TEXT`),
    ...keys.given.map((name) => sql`${keys.before(name)} TEXT`),
    ...keys.given.map((name) =>
      sql`${keys.implied(name)} INTEGER NOT NULL DEFAULT 0`
    ),
  ];
  db.run(sql`CREATE TEMP TABLE dnpc_key (${sql.join(columns)})`);
}

function copySpans(
  db: Database,
  keys: Keys,
  attributes: readonly string[],
  types: readonly string[],
  wasImplied: (name: string) => Sql,
  concerned: Sql,
): void {
  const value = (name: string) => sql`attributes ->> ${jsonPath(name)}`;
  const cases = types.map((name, i) => sql`WHEN ${name} THEN ${literal(i)}`);
  const known = [sql`0`, ...keys.given.map(wasImplied)];
  const columns: [column: Sql, value: Sql][] = [
    [sql`span_id`, sql`id`],
    [
      sql`type`,
      cases.length > 0 ? sql`CASE type ${sql.join(cases, " ")} END` : sql`NULL`,
    ],
    [sql`other`, sql`names > ${sql.join(known, " + ")}`],
    ...attributes.map((name): [Sql, Sql] => [
      keys.column(name),
      sql`iif(${wasImplied(name)}, NULL, ${value(name)})`,
    ]),
    ...keys.given.map((name): [Sql, Sql] => [
      keys.before(name),
      sql`iif(${wasImplied(name)}, ${value(name)}, NULL)`,
    ]),
  ];
  const copy = (columns: readonly [column: Sql, value: Sql][], which: Sql) =>
    db.run(
      sql`INSERT INTO temp.dnpc_key (${
        sql.join(columns.map(([column]) => column))
      })
    SELECT ${sql.join(columns.map(([, value]) => value))}
    FROM span LEFT JOIN temp.dnpc_before USING (implied)
    WHERE id NOT IN (SELECT id FROM temp.dnpc_made) AND ${which}`,
    );
  copy(columns, concerned);
  // The others are counted, and nothing else.
  copy(columns.slice(0, 2), sql`NOT ${concerned}`);
}

/** Takes back all that was implied. */
export function forgetImplied(db: Database, keys: Keys): void {
  if (keys.given.length === 0) return;
  const back = keys.given.map((name) => {
    const [value, implied] = [keys.column(name), keys.implied(name)];
    return sql`${value} = iif(${implied}, NULL, ${value}), ${implied} = 0`;
  });
  db.run(sql`UPDATE temp.dnpc_key SET ${sql.join(back)}`);
}

function attributesOf(rule: Rule): readonly string[] {
  if ("implies" in rule) return [...rule.implies, ...rule.gives];
  if ("context" in rule) return contextNames(rule);
  const key = "subspan" in rule ? rule.key : undefined;
  return key === undefined ? rule.on : [...rule.on, key];
}

function typesOf(rule: Rule): readonly string[] {
  if ("implies" in rule) return [];
  if ("context" in rule) return [contextType(rule)];
  return "facet" in rule ? rule.facet : rule.subspan;
}

// A number stands in the text, so that SQLite sees which index it is about.
function literal(number: number): Sql {
  return sql.raw(String(number));
}

function givenBy(rule: Rule): readonly string[] {
  return "implies" in rule ? rule.gives : [];
}
