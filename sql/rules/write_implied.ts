import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { anyOf } from "./columns.ts";
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
  const isChanged = anyOf([
    sql`other`,
    ...keys.given.map((name) =>
      sql`${keys.before(name)} IS NOT
        iif(${keys.implied(name)}, ${keys.column(name)}, NULL)`
    ),
  ]);
  forEachCombination(db, keys, isChanged, ({ names, json, chosen }) => {
    // Appending to the text takes a quarter of the time of a patch. It is right
    // unless an earlier value has to go, or a member is null and would be there
    // twice.
    const canAppend = sql`span.implied IS NULL AND span.attributes LIKE '{"%}'
      AND instr(span.attributes, 'null') = 0`;
    const appended = sql`substr(span.attributes, 1,
      length(span.attributes) - 1) || ',' || substr(${json}, 2)`;
    const patched = sql`json_patch(${ownAttributes}, ${json})`;
    // A subquery for each span is faster than UPDATE FROM, which first writes
    // out all rows.
    db.run(sql`UPDATE span SET
        attributes = (
          SELECT ${
      names.length ? sql`iif(${canAppend}, ${appended}, ${patched})` : patched
    }
          FROM temp.dnpc_key WHERE span_id = span.id),
        implied = ${names.length ? JSON.stringify(names) : null}
      WHERE id IN (${chosen})`);
  });
}

/** Rows of dnpc_key in which the same attributes are implied. */
interface Combination {
  /** The implied attributes. */
  names: string[];
  /** A JSON object of the implied values, in a row of dnpc_key. */
  json: Sql;
  /** A query of the ids. */
  chosen: Sql;
}

/**
 * Calls a function for each combination of implied attributes. There are few of
 * them, each in many rows: building the lists for each row would take longer.
 */
export function forEachCombination(
  db: Database,
  keys: Keys,
  condition: Sql,
  write: (combination: Combination) => void,
): void {
  const flags = keys.given.map(keys.implied);
  const columns = [
    sql`1 AS one`,
    ...flags.map((flag, i) => sql`${flag} AS ${sql.id(`f${i}`)}`),
  ];
  const combinations = db.query<Record<string, number>>(
    sql`SELECT DISTINCT ${sql.join(columns)} FROM temp.dnpc_key
      WHERE ${condition}`,
  );
  for (const combination of combinations) {
    const isImplied = (_: unknown, i: number) => combination[`f${i}`] === 1;
    const names = keys.given.filter(isImplied);
    const members = names.map((name, i) =>
      sql`${`${i > 0 ? "," : ""}${JSON.stringify(name)}:`} ||
        json_quote(${keys.column(name)})`
    );
    const same = flags.map((flag, i) =>
      isImplied(flag, i) ? flag : sql`NOT ${flag}`
    );
    write({
      names,
      json: sql`(${sql.join([sql`'{'`, ...members, sql`'}'`], " || ")})`,
      chosen: sql`SELECT span_id FROM temp.dnpc_key
        WHERE ${sql.join([condition, ...same], " AND ")}`,
    });
  }
}
