import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { type Sql, sql } from "../template.ts";

/**
 * Makes the temporary tables dnpc_subspan and dnpc_facet, for what the rules
 * relate, by the number of the rule in dnpc_rule.
 */
export function createEdges(db: Database, texts: Iterable<string>): void {
  db.exec(`
    CREATE TEMP TABLE dnpc_rule (number INTEGER PRIMARY KEY, text TEXT);
    CREATE TEMP TABLE dnpc_subspan (
      superspan_id INTEGER, subspan_id INTEGER, rule INTEGER, key TEXT);
    CREATE TEMP TABLE dnpc_facet (
      left_id INTEGER, right_id INTEGER, rule INTEGER)`);
  [...texts].forEach((text, i) =>
    db.run("INSERT INTO temp.dnpc_rule VALUES (?, ?)", [i, text])
  );
}

/**
 * Makes subspan and facet hold these edges, and no others of any rule. Those
 * that are there stay: to compare is faster than to write.
 */
export function writeEdges(db: Database): void {
  write(db, "subspan", ["superspan_id", "subspan_id"], ["key"]);
  write(db, "facet", ["left_id", "right_id"], []);
  db.exec(`DROP TABLE temp.dnpc_rule; DROP TABLE temp.dnpc_subspan;
    DROP TABLE temp.dnpc_facet`);
}

function write(
  db: Database,
  table: string,
  ends: readonly string[],
  others: readonly string[],
): void {
  const [there, wanted] = [sql.id(table), sql.id(`dnpc_${table}`)];
  const columns = [...ends, ...others].map(sql.id);
  const insert = sql`
    INSERT INTO ${there} (${sql.join([...columns, sql`rule`])})
    SELECT ${sql.join([...columns, sql`text`])}
    FROM temp.${wanted} AS w JOIN temp.dnpc_rule ON number = w.rule`;
  if (count(db, sql`${there} WHERE rule IS NOT NULL`) === 0) {
    writeFirst(db, table, insert);
    return;
  }
  const index = sql.id(`dnpc_${table}_ends`);
  const indexed = sql.join([...ends.map(sql.id), sql`rule`]);
  // At once for all edges: that is faster than with each of them.
  db.run(sql`CREATE INDEX temp.${index} ON ${wanted} (${indexed})`);
  const same = [
    ...ends.map((name) => sql`w.${sql.id(name)} = t.${sql.id(name)}`),
    ...others.map((name) => sql`w.${sql.id(name)} IS t.${sql.id(name)}`),
  ];
  db.run(sql`DELETE FROM ${there} AS t WHERE rule IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM temp.${wanted} AS w JOIN temp.dnpc_rule AS r ON number = w.rule
    WHERE ${sql.join(same, " AND ")} AND r.text = t.rule)`);
  if (
    count(db, sql`${there} WHERE rule IS NOT NULL`) ===
      count(db, sql`temp.${wanted}`)
  ) return;
  db.run(sql`${insert} WHERE NOT EXISTS (SELECT 1 FROM ${there} AS t
      WHERE ${sql.join(same, " AND ")} AND t.rule = text)`);
}

// To make the indexes once they are all there is several times faster, where
// there were few or none before.
function writeFirst(db: Database, table: string, insert: Sql): void {
  const before = count(db, sql.id(table));
  const added = count(db, sql`temp.${sql.id(`dnpc_${table}`)}`);
  const isMany = added > manyEdges && added > before;
  if (isMany) {
    for (const name of indexesOf[table]!) db.run(`DROP INDEX ${name}`);
  }
  db.run(insert);
  if (isMany) createSchema(db);
}

const manyEdges = 10_000;

const indexesOf: Record<string, readonly string[]> = {
  subspan: ["subspan_down", "subspan_up"],
  facet: ["facet_left", "facet_right"],
};

function count(db: Database, from: Sql): number {
  const [row] = db.query<{ count: number }>(
    sql`SELECT count(*) AS count FROM ${from}`,
  );
  return row!.count;
}
