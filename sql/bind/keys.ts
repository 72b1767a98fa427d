import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import type { Rule } from "./rules.ts";

/**
 * The attributes that rules use, copied once from JSON to columns of a
 * temporary table: to join on JSON itself would be quadratic.
 */
export interface Keys {
  /** The column of an attribute: what was said, and what rules imply. */
  column(attribute: string): Sql;
  /** The column that is 1 where an attribute that rules give is implied. */
  implied(attribute: string): Sql;
  /** The number of a type that a rule relates, in the column type. */
  type(name: string): Sql;
  /** The attributes that rules give. */
  given: readonly string[];
}

/** The attributes of a span without those that rules implied before. */
export const saidAttributes: Sql = sql`json_patch(
  span.attributes,
  (SELECT json_group_object(value, NULL) FROM json_each(span.implied)))`;

/** Makes the temporary table dnpc_key. */
export function copyKeys(db: Database, rules: readonly Rule[]): Keys {
  const attributes = [...new Set(rules.flatMap(attributesOf))];
  const given = [...new Set(rules.flatMap(givenBy))];
  const column = (name: string) => sql.id(`a${attributes.indexOf(name)}`);
  const implied = (name: string) => sql.id(`i${attributes.indexOf(name)}`);
  const types = [...new Set(rules.flatMap(typesOf))];
  const cases = types.map((name, i) => sql`WHEN ${name} THEN ${literal(i)}`);
  const type = types.length === 0
    ? sql`NULL`
    : sql`CASE type ${sql.join(cases, " ")} END`;
  const columns = [sql`span_id`, sql`type`, ...attributes.map(column)];
  db.run(sql`CREATE TEMP TABLE dnpc_key (${
    sql.join([
      sql`span_id INTEGER PRIMARY KEY, type INTEGER`,
      ...attributes.map((name) => sql`${column(name)} TEXT`),
      ...given.map((name) => sql`${implied(name)} INTEGER NOT NULL DEFAULT 0`),
    ])
  })`);
  const values = sql.join([sql`id`, type, ...attributes.map(valueOf)]);
  // MATERIALIZED, or json_patch() would run for each of the columns.
  db.run(sql`INSERT INTO temp.dnpc_key (${sql.join(columns)})
    WITH said AS MATERIALIZED (
      SELECT id, type, ${saidAttributes} AS attributes
      FROM span WHERE implied IS NOT NULL)
    SELECT ${values} FROM span WHERE implied IS NULL
    UNION ALL SELECT ${values} FROM said`);
  return {
    column,
    implied,
    type: (name) => literal(types.indexOf(name)),
    given,
  };
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
  const key = "subspan" in rule ? rule.key : undefined;
  return key === undefined ? rule.on : [...rule.on, key];
}

function typesOf(rule: Rule): readonly string[] {
  if ("implies" in rule) return [];
  return "facet" in rule ? rule.facet : rule.subspan;
}

// A number stands in the text, so that SQLite sees which index it is about.
function literal(number: number): Sql {
  return sql.raw(String(number));
}

function givenBy(rule: Rule): readonly string[] {
  return "implies" in rule ? rule.gives : [];
}

// A path in JSON has no way to write a quote or a backslash in a name.
function valueOf(name: string): Sql {
  return /["\\]/.test(name)
    ? sql`(SELECT value FROM json_each(attributes) WHERE key = ${name})`
    : sql`attributes ->> ${`$."${name}"`}`;
}
