import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { named, numbered } from "./conditions.ts";
import { type Keys, saidAttributes } from "./keys.ts";

/**
 * Writes what is implied in dnpc_key to the spans, and takes from them what
 * was implied before. Spans that stay the same are not written.
 */
export function writeImplied(db: Database, keys: Keys): void {
  const { given } = keys;
  const differs = given.map((name) =>
    sql`${keys.before(name)} IS NOT
      iif(${keys.implied(name)}, ${keys.column(name)}, NULL)`
  );
  const isChanged = sql`(${sql.join([sql`other`, ...differs], " OR ")})`;
  const flags = given.map(keys.implied);
  const short = numbered("f", flags);
  // There are few combinations of what is implied, and many spans of each: what
  // is the same for all of them is not found out for each.
  const combinations = db.query<Record<string, number>>(
    sql`SELECT DISTINCT ${
      sql.join([sql`1 AS one`, ...flags.length ? [named(flags, short)] : []])
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

/** Writes the spans that are chosen, of which so much is implied. */
function writeSpans(
  db: Database,
  keys: Keys,
  implied: readonly string[],
  chosen: Sql,
): void {
  const members = listed(
    implied.map((name, i) =>
      sql`${`${i > 0 ? "," : ""}${JSON.stringify(name)}:`} ||
      json_quote(${keys.column(name)})`
    ),
  );
  // What is implied is not there, if nothing was implied before: it is put
  // behind what is there, which takes a quarter of the time of a patch. A member
  // that is null would be there twice.
  const isPlain = sql`span.implied IS NULL AND span.attributes LIKE '{"%}'
    AND instr(span.attributes, 'null') = 0`;
  const behind =
    sql`substr(span.attributes, 1, length(span.attributes) - 1) || ','
      || ${members} || '}'`;
  const patched = sql`json_patch(${saidAttributes}, '{' || ${members} || '}')`;
  // A subquery for each span is faster than UPDATE FROM, which writes down all
  // rows first.
  db.run(sql`UPDATE span SET
      attributes = (
        SELECT ${
    implied.length ? sql`iif(${isPlain}, ${behind}, ${patched})` : patched
  }
        FROM temp.dnpc_key WHERE span_id = span.id),
      implied = ${implied.length ? JSON.stringify(implied) : null}
    WHERE id IN (SELECT span_id FROM temp.dnpc_key WHERE ${chosen})`);
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
    names: sql`'[' || ltrim(${listed(names)}, ',') || ']'`,
    values: sql`'{' || ltrim(${listed(values)}, ',') || '}'`,
  };
}

/** Texts, one after the other. */
function listed(texts: readonly Sql[]): Sql {
  return sql`(${sql.join([sql`''`, ...texts], " || ")})`;
}
