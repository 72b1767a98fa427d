import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { aliased, anyOf, numbered } from "./columns.ts";
import type { Keys } from "./keys.ts";

/** The attributes of a span without the ones that earlier rules implied. */
const ownAttributes: Sql = sql`iif(span.implied IS NULL,
  span.attributes,
  json_patch(span.attributes, (
    SELECT json_group_object(value, NULL) FROM json_each(span.implied))))`;

/**
 * Writes the implied values of dnpc_key to the spans, and removes the ones that
 * were implied before. Spans that stay the same are not written.
 */
export function writeImplied(db: Database, keys: Keys): void {
  const { given } = keys;
  const isChanged = anyOf([
    sql`other`,
    ...given.map((name) =>
      sql`${keys.before(name)} IS NOT
        iif(${keys.implied(name)}, ${keys.column(name)}, NULL)`
    ),
  ]);
  const flags = given.map(keys.implied);
  const short = numbered("f", flags);
  // Few combinations of attributes are implied, each in many spans: one
  // statement per combination saves building the lists for each span.
  const combinations = db.query<Record<string, number>>(
    sql`SELECT DISTINCT ${
      sql.join([sql`1 AS one`, ...flags.length ? [aliased(flags, short)] : []])
    } FROM temp.dnpc_key WHERE ${isChanged}`,
  );
  for (const combination of combinations) {
    const isImplied = (i: number) => combination[`f${i}`] === 1;
    const chosen = sql.join([
      isChanged,
      ...flags.map((flag, i) => isImplied(i) ? flag : sql`NOT ${flag}`),
    ], " AND ");
    writeSpans(db, keys, given.filter((_, i) => isImplied(i)), chosen);
  }
}

/** Writes the chosen spans, in which these attributes are implied. */
function writeSpans(
  db: Database,
  keys: Keys,
  implied: readonly string[],
  chosen: Sql,
): void {
  const members = concat(
    implied.map((name, i) =>
      sql`${`${i > 0 ? "," : ""}${JSON.stringify(name)}:`} ||
      json_quote(${keys.column(name)})`
    ),
  );
  // Appending to the text takes a quarter of the time of a patch. It is right
  // unless an earlier value has to go, or a member is null and would be there
  // twice.
  const canAppend = sql`span.implied IS NULL AND span.attributes LIKE '{"%}'
    AND instr(span.attributes, 'null') = 0`;
  const appended =
    sql`substr(span.attributes, 1, length(span.attributes) - 1) || ','
      || ${members} || '}'`;
  const patched = sql`json_patch(${ownAttributes}, '{' || ${members} || '}')`;
  // A subquery for each span is faster than UPDATE FROM, which first writes out
  // all rows.
  db.run(sql`UPDATE span SET
      attributes = (
        SELECT ${
    implied.length ? sql`iif(${canAppend}, ${appended}, ${patched})` : patched
  }
        FROM temp.dnpc_key WHERE span_id = span.id),
      implied = ${implied.length ? JSON.stringify(implied) : null}
    WHERE id IN (SELECT span_id FROM temp.dnpc_key WHERE ${chosen})`);
}

/** The implied values in a row of dnpc_key: a JSON array and a JSON object. */
export function impliedJson(keys: Keys): { names: Sql; values: Sql } {
  // As text, because json_object() cannot leave out members.
  const names = keys.given.map((name) =>
    sql`iif(${keys.implied(name)}, ${`,${JSON.stringify(name)}`}, '')`
  );
  const values = keys.given.map((name) =>
    sql`iif(${keys.implied(name)},
      ${`,${JSON.stringify(name)}:`} || json_quote(${keys.column(name)}), '')`
  );
  return {
    names: sql`'[' || ltrim(${concat(names)}, ',') || ']'`,
    values: sql`'{' || ltrim(${concat(values)}, ',') || '}'`,
  };
}

function concat(texts: readonly Sql[]): Sql {
  return sql`(${sql.join([sql`''`, ...texts], " || ")})`;
}
