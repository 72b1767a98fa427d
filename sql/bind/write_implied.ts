import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { type Keys, saidAttributes } from "./keys.ts";

/**
 * Writes what is implied in dnpc_key to the spans, and takes from them what
 * was implied before. Spans that stay the same are not written.
 */
export function writeImplied(db: Database, keys: Keys): void {
  const given = keys.given.map((name) => ({
    name,
    value: keys.column(name),
    isImplied: keys.implied(name),
    before: keys.before(name),
  }));
  // Put together as text: json_object() could not leave out what is not new.
  const names = given.map(({ name, isImplied }) =>
    sql`iif(${isImplied}, ${"," + JSON.stringify(name)}, '')`
  );
  const values = given.map(({ name, value, isImplied }) =>
    sql`iif(${isImplied},
      ${`,${JSON.stringify(name)}:`} || json_quote(${value}), '')`
  );
  const differs = given.map(({ value, isImplied, before }) =>
    sql`${before} IS NOT iif(${isImplied}, ${value}, NULL)`
  );
  db.run(sql`UPDATE span SET
      attributes = json_patch(${saidAttributes}, '{' || ${
    listed(values)
  } || '}'),
      implied = nullif('[' || ${listed(names)} || ']', '[]')
    FROM temp.dnpc_key
    WHERE span_id = span.id AND (${
    sql.join([sql`other`, ...differs], " OR ")
  })`);
}

/** Texts, each behind a comma, one after the other. */
function listed(texts: readonly Sql[]): Sql {
  return sql`ltrim(${sql.join([sql`''`, ...texts], " || ")}, ',')`;
}
