import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { type Sql, sql } from "../template.ts";
import { countRows } from "./contradictions.ts";

/**
 * Makes the table rule hold these rules and no others. A rule that is there
 * already keeps its id.
 *
 * @returns the ids, by the texts
 */
export function writeRules(
  db: Database,
  texts: Iterable<string>,
): Map<string, number> {
  const given = JSON.stringify([...texts]);
  db.run(sql`DELETE FROM rule
    WHERE text NOT IN (SELECT value FROM json_each(${given}))`);
  db.run(sql`INSERT OR IGNORE INTO rule (text)
    SELECT value FROM json_each(${given}) ORDER BY key`);
  return new Map(
    db.query<{ id: number; text: string }>("SELECT id, text FROM rule")
      .map(({ id, text }) => [text, id]),
  );
}

/**
 * Makes the temporary tables dnpc_subspan and dnpc_facet, for edges that rules
 * find.
 */
export function createEdges(db: Database): void {
  db.exec(`
    CREATE TEMP TABLE dnpc_subspan (
      superspan_id INTEGER, subspan_id INTEGER, rule_id INTEGER, key TEXT);
    CREATE TEMP TABLE dnpc_facet (
      left_id INTEGER, right_id INTEGER, rule_id INTEGER)`);
}

/**
 * Makes subspan and facet hold these edges, and no others of any rule. Those
 * that are there stay: comparing is faster than writing.
 */
export function writeEdges(db: Database): void {
  write(db, "subspan", ["superspan_id", "subspan_id"], ["key"]);
  write(db, "facet", ["left_id", "right_id"], []);
  db.exec("DROP TABLE temp.dnpc_subspan; DROP TABLE temp.dnpc_facet");
}

function write(
  db: Database,
  table: string,
  ends: readonly string[],
  others: readonly string[],
): void {
  const [there, wanted] = [sql.id(table), sql.id(`dnpc_${table}`)];
  const columns = sql.join([...ends, ...others, "rule_id"].map(sql.id));
  const insert = sql`INSERT INTO ${there} (${columns})
    SELECT ${columns} FROM temp.${wanted} AS w`;
  const byRules = sql`SELECT 1 FROM ${there} WHERE rule_id IS NOT NULL`;
  if (countRows(db, byRules) === 0) {
    writeFirst(db, table, insert);
    return;
  }
  const index = sql.id(`dnpc_${table}_ends`);
  const indexed = sql.join([...ends, "rule_id"].map(sql.id));
  // Creating it afterwards is faster than updating it with each edge.
  db.run(sql`CREATE INDEX temp.${index} ON ${wanted} (${indexed})`);
  const same = sql.join([
    ...[...ends, "rule_id"].map((name) =>
      sql`w.${sql.id(name)} = t.${sql.id(name)}`
    ),
    ...others.map((name) => sql`w.${sql.id(name)} IS t.${sql.id(name)}`),
  ], " AND ");
  db.run(sql`DELETE FROM ${there} AS t WHERE rule_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM temp.${wanted} AS w WHERE ${same})`);
  if (
    countRows(db, byRules) ===
      countRows(db, sql`SELECT 1 FROM temp.${wanted}`)
  ) return;
  db.run(sql`${insert}
    WHERE NOT EXISTS (SELECT 1 FROM ${there} AS t WHERE ${same})`);
}

// Creating the indexes after the rows is several times faster, if there were few
// rows before.
function writeFirst(db: Database, table: string, insert: Sql): void {
  const before = countRows(db, sql`SELECT 1 FROM ${sql.id(table)}`);
  const added = countRows(
    db,
    sql`SELECT 1 FROM temp.${sql.id(`dnpc_${table}`)}`,
  );
  const isBulk = added > minEdges && added > before;
  if (isBulk) {
    for (const name of indexesOf[table]!) db.run(`DROP INDEX ${name}`);
  }
  db.run(insert);
  if (isBulk) createSchema(db);
}

const minEdges = 10_000;

const indexesOf: Record<string, readonly string[]> = {
  subspan: ["subspan_down", "subspan_up"],
  facet: ["facet_left", "facet_right"],
};
