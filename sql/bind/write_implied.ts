import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { type Keys, saidAttributes } from "./keys.ts";

/**
 * Writes what is implied in dnpc_key to the spans, and takes from them what
 * was implied before. Spans that stay the same are not written.
 */
export function writeImplied(db: Database, keys: Keys): void {
  const differs = keys.given.map((name) =>
    sql`${keys.before(name)} IS NOT
      iif(${keys.implied(name)}, ${keys.column(name)}, NULL)`
  );
  const { names, values, members } = impliedJson(keys);
  // What is implied is not there, if nothing was implied before: it is put
  // behind what is there, which takes a quarter of the time of a patch. A member
  // that is null would be there twice.
  const isPlain = sql`span.implied IS NULL AND span.attributes LIKE '{"%}'
    AND instr(span.attributes, 'null') = 0`;
  // A subquery for each span is faster than UPDATE FROM, which writes down all
  // rows first.
  db.run(sql`UPDATE span SET (attributes, implied) = (
      SELECT
        iif(${isPlain},
          substr(span.attributes, 1, length(span.attributes) - 1) || ${members} || '}',
          json_patch(${saidAttributes}, ${values})),
        nullif(${names}, '[]')
      FROM temp.dnpc_key WHERE span_id = span.id)
    WHERE id IN (SELECT span_id FROM temp.dnpc_key WHERE ${
    sql.join([sql`other`, ...differs], " OR ")
  })`);
}

/**
 * What is implied in a row of dnpc_key: a JSON array of the names, a JSON object
 * of the values, and the members of that, each behind a comma.
 */
export function impliedJson(
  keys: Keys,
): { names: Sql; values: Sql; members: Sql } {
  // Put together as text: json_object() could not leave out what is not new.
  const names = keys.given.map((name) =>
    sql`iif(${keys.implied(name)}, ${`,${JSON.stringify(name)}`}, '')`
  );
  const values = keys.given.map((name) =>
    sql`iif(${keys.implied(name)},
      ${`,${JSON.stringify(name)}:`} || json_quote(${keys.column(name)}), '')`
  );
  return {
    names: sql`'[' || ${listed(names)} || ']'`,
    values: sql`'{' || ${listed(values)} || '}'`,
    members: sql`(${sql.join([sql`''`, ...values], " || ")})`,
  };
}

/** Texts, each behind a comma, one after the other. */
function listed(texts: readonly Sql[]): Sql {
  return sql`ltrim(${sql.join([sql`''`, ...texts], " || ")}, ',')`;
}
