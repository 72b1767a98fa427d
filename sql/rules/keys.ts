import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { jsonPath } from "./columns.ts";
import { contextNames, contextType, type Rule } from "./rules.ts";

/**
 * Columns of the temporary table dnpc_key, to which the attributes that rules
 * use are copied from JSON: joining on JSON itself would be quadratic.
 */
export interface Keys {
  /** All attributes that rules use. */
  attributes: readonly string[];
  /** The attributes that rules imply. */
  given: readonly string[];
  /** The column of an attribute: from a source, or implied. */
  column(attribute: string): Sql;
  /** The column that is 1 if a given attribute is implied. */
  implied(attribute: string): Sql;
  /** The column of the value that earlier rules implied, or NULL. */
  before(attribute: string): Sql;
  /** The number of a type that a rule relates, in the column type. */
  type(name: string): Sql;
  /** The rows: a table or query with the columns id, type and source_id. */
  rows: Sql;
}

/** Creates dnpc_key, empty. The column `other` is for copySpans(). */
export function createKeys(
  db: Database,
  rules: readonly Rule[],
  rows: Sql,
): Keys {
  const attributes = [...new Set(rules.flatMap(attributesOf))];
  const types = typesIn(rules);
  const keys: Keys = {
    attributes,
    given: [
      ...new Set(rules.flatMap((rule) => "implies" in rule ? rule.gives : [])),
    ],
    column: numberedColumns(attributes, "a"),
    implied: numberedColumns(attributes, "i"),
    before: numberedColumns(attributes, "b"),
    type: (name) => literal(types.indexOf(name)),
    rows,
  };
  db.run(sql`CREATE TEMP TABLE dnpc_key (${
    sql.join([
      sql`span_id INTEGER PRIMARY KEY, type INTEGER, other INTEGER`,
      ...attributes.map((name) => sql`${keys.column(name)} TEXT`),
      ...keys.given.map((name) => sql`${keys.before(name)} TEXT`),
      ...keys.given.map((name) =>
        sql`${keys.implied(name)} INTEGER NOT NULL DEFAULT 0`
      ),
    ])
  })`);
  return keys;
}

/** Creates dnpc_key from rows that have the columns of `rows` and attributes. */
export function copyRows(
  db: Database,
  rules: readonly Rule[],
  rows: Sql,
): Keys {
  const keys = createKeys(db, rules, sql`(${rows})`);
  const values = keys.attributes.map((name) =>
    sql`attributes ->> ${jsonPath(name)}`
  );
  db.run(sql`INSERT INTO temp.dnpc_key (
      ${sql.join([sql`span_id`, ...keys.attributes.map(keys.column)])})
    SELECT ${sql.join([sql`id`, ...values])} FROM (${rows})`);
  return keys;
}

/**
 * Creates dnpc_key from the spans as their sources describe them, and
 * dnpc_made with the spans that rules made, which dnpc_key leaves out.
 */
export function copySpans(db: Database, rules: readonly Rule[]): Keys {
  const keys = createKeys(db, rules, sql`span`);
  const { attributes, given } = keys;
  const wasImplied = numberedColumns(attributes, "w");
  findImpliedBefore(db, attributes, wasImplied);
  db.run("CREATE TEMP TABLE dnpc_made (id INTEGER PRIMARY KEY)");
  db.run(sql`INSERT INTO temp.dnpc_made SELECT id FROM span WHERE ${isMade}`);
  const value = (name: string) => sql`attributes ->> ${jsonPath(name)}`;
  const cases = typesIn(rules)
    .map((name, i) => sql`WHEN ${name} THEN ${literal(i)}`);
  const columns: [column: Sql, value: Sql][] = [
    [sql`span_id`, sql`id`],
    [
      sql`type`,
      cases.length > 0 ? sql`CASE type ${sql.join(cases, " ")} END` : sql`NULL`,
    ],
    // 1 if an attribute was implied that no rule gives any more.
    [
      sql`other`,
      sql`names > ${sql.join([sql`0`, ...given.map(wasImplied)], " + ")}`,
    ],
    ...attributes.map((name): [Sql, Sql] => [
      keys.column(name),
      sql`iif(${wasImplied(name)}, NULL, ${value(name)})`,
    ]),
    ...given.map((name): [Sql, Sql] => [
      keys.before(name),
      sql`iif(${wasImplied(name)}, ${value(name)}, NULL)`,
    ]),
  ];
  const copy = (columns: readonly [column: Sql, value: Sql][], which: Sql) =>
    db.run(sql`INSERT INTO temp.dnpc_key (
        ${sql.join(columns.map(([column]) => column))})
      SELECT ${sql.join(columns.map(([, value]) => value))}
      FROM span LEFT JOIN temp.dnpc_before USING (implied)
      WHERE id NOT IN (SELECT id FROM temp.dnpc_made) AND ${which}`);
  const mayMatter = canMatter(db, rules);
  copy(columns, mayMatter);
  // The others are only counted, by their types.
  copy(columns.slice(0, 2), sql`NOT ${mayMatter}`);
  db.run("DROP TABLE temp.dnpc_before");
  return keys;
}

/** Removes all that was implied. */
export function forgetImplied(db: Database, keys: Keys): void {
  if (keys.given.length === 0) return;
  const back = keys.given.map((name) => {
    const [value, implied] = [keys.column(name), keys.implied(name)];
    return sql`${value} = iif(${implied}, NULL, ${value}), ${implied} = 0`;
  });
  db.run(sql`UPDATE temp.dnpc_key SET ${sql.join(back)}`);
}

/**
 * Whether a context rule made a span: only then are all of its attributes
 * implied.
 */
export const isMade: Sql = sql`(
  span.source_id IS NULL AND span.implied IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM json_each(span.attributes)
    WHERE key NOT IN (SELECT value FROM json_each(span.implied))))`;

/**
 * Creates dnpc_before: for each list in span.implied, which attributes it
 * names. There are few such lists, and many spans.
 */
function findImpliedBefore(
  db: Database,
  attributes: readonly string[],
  flag: (attribute: string) => Sql,
): void {
  const flags = attributes.map(flag);
  db.run(sql`CREATE TEMP TABLE dnpc_before (${
    sql.join([
      sql`implied TEXT PRIMARY KEY, names INTEGER`,
      ...flags.map((flag) => sql`${flag} INTEGER`),
    ])
  })`);
  const isNamed = attributes.map((name) =>
    sql`EXISTS (SELECT 1 FROM json_each(implied) WHERE value = ${name})`
  );
  db.run(sql`INSERT INTO temp.dnpc_before
    SELECT ${sql.join([sql`implied, json_array_length(implied)`, ...isNamed])}
    FROM (SELECT DISTINCT implied FROM span WHERE implied IS NOT NULL)`);
}

/**
 * Whether rules can say anything about a span, in SQL: they relate its type to
 * another one that exists, or they imply attributes of any span.
 */
function canMatter(db: Database, rules: readonly Rule[]): Sql {
  const found = new Map<string, boolean>();
  // Searches the text, which is faster than reading it as JSON. It may find a
  // name where it is no attribute.
  const exists = (name: string): boolean => {
    const known = found.get(name) ?? db.query(sql`SELECT 1 FROM span
      WHERE instr(attributes, ${JSON.stringify(name)})
        OR instr(attributes, '\\') LIMIT 1`).length > 0;
    found.set(name, known);
    return known;
  };
  // An implied value comes from a span that has it.
  const concernsAll = rules.some((rule) =>
    "context" in rule ||
    ("implies" in rule && [...rule.implies, ...rule.gives].every(exists))
  );
  if (concernsAll) return sql`TRUE`;
  const present = new Set(
    db.query<{ type: string }>("SELECT DISTINCT type FROM span")
      .map(({ type }) => type),
  );
  const types = rules.flatMap((rule) => {
    if (!("on" in rule)) return [];
    const related = "facet" in rule ? rule.facet : rule.subspan;
    return related.every((type) => present.has(type)) ? related : [];
  });
  return sql`(span.implied IS NOT NULL OR span.type IN (${
    sql.join(new Set(types))
  }))`;
}

function numberedColumns(attributes: readonly string[], prefix: string) {
  return (name: string) => sql.id(`${prefix}${attributes.indexOf(name)}`);
}

function attributesOf(rule: Rule): readonly string[] {
  if ("implies" in rule) return [...rule.implies, ...rule.gives];
  if ("context" in rule) return contextNames(rule);
  const key = "subspan" in rule ? rule.key : undefined;
  return key === undefined ? rule.on : [...rule.on, key];
}

function typesIn(rules: readonly Rule[]): string[] {
  return [
    ...new Set(rules.flatMap((rule) => {
      if ("implies" in rule) return [];
      if ("context" in rule) return contextType(rule);
      return "facet" in rule ? rule.facet : rule.subspan;
    })),
  ];
}

// In the text, not bound: SQLite must see which partial index it can use.
function literal(number: number): Sql {
  return sql.raw(String(number));
}
