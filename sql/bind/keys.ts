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
  /** The column of what was said alone, for an attribute that rules give. */
  said(attribute: string): Sql;
  /** The number of a type that a rule relates, in the column type. */
  type(name: string): Sql;
  /** The attributes that rules give. */
  given: readonly string[];
}

/** The attributes of a row of span, without what rules implied before. */
export const saidAttributes: Sql = sql`CASE WHEN span.implied IS NULL
  THEN span.attributes
  ELSE json_patch(
    span.attributes,
    (SELECT json_group_object(value, NULL) FROM json_each(span.implied))
  ) END`;

/** Makes the temporary table dnpc_key. */
export function copyKeys(db: Database, rules: readonly Rule[]): Keys {
  const attributes = [...new Set(rules.flatMap(attributesOf))];
  const given = [...new Set(rules.flatMap(givenBy))];
  const column = (name: string) => sql.id(`a${attributes.indexOf(name)}`);
  const said = (name: string) => sql.id(`s${attributes.indexOf(name)}`);
  const types = [...new Set(rules.flatMap(typesOf))];
  const cases = types.map((name, i) => sql`WHEN ${name} THEN ${literal(i)}`);
  const type = types.length === 0
    ? sql`NULL`
    : sql`CASE type ${sql.join(cases, " ")} END`;
  const columns = [...attributes.map(column), ...given.map(said)];
  const values = [...attributes, ...given].map(valueOf);
  db.run(sql`CREATE TEMP TABLE dnpc_key (
    span_id INTEGER PRIMARY KEY, type INTEGER
    ${sql.join(columns.map((name) => sql`, ${name} TEXT`), " ")})`);
  // MATERIALIZED, or json_patch() would run for each of the columns.
  db.run(sql`INSERT INTO temp.dnpc_key
    WITH said AS MATERIALIZED (
      SELECT id, type, ${saidAttributes} AS attributes FROM span)
    SELECT id, ${type} ${sql.join(values.map((value) => sql`, ${value}`), " ")}
    FROM said`);
  return { column, said, type: (name) => literal(types.indexOf(name)), given };
}

/** Takes back all that was implied. */
export function forgetImplied(db: Database, keys: Keys): void {
  if (keys.given.length === 0) return;
  const back = keys.given.map((name) =>
    sql`${keys.column(name)} = ${keys.said(name)}`
  );
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
