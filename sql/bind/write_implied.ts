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
  const { names, values } = impliedJson(keys);
  db.run(sql`UPDATE span SET
      attributes = json_patch(${saidAttributes}, ${values}),
      implied = nullif(${names}, '[]')
    FROM temp.dnpc_key
    WHERE span_id = span.id AND (${
    sql.join([sql`other`, ...differs], " OR ")
  })`);
}

/** What is implied in a row of dnpc_key: a JSON array, and a JSON object. */
export function impliedJson(keys: Keys): { names: Sql; values: Sql } {
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
  };
}

/** Texts, each behind a comma, one after the other. */
function listed(texts: readonly Sql[]): Sql {
  return sql`ltrim(${sql.join([sql`''`, ...texts], " || ")}, ',')`;
}
