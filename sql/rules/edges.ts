import type { Database } from "../database.ts";
import { insertRows } from "../insert.ts";
import { createSchema } from "../schema.ts";
import type { SqlParameter } from "../values.ts";

/**
 * Sets the table rule to these rules and no others. A rule that exists already
 * keeps its id.
 *
 * @returns the ids, by the texts
 */
export function writeRules(
  db: Database,
  texts: Iterable<string>,
): Map<string, number> {
  const given = [JSON.stringify([...texts])];
  db.run(
    "DELETE FROM rule WHERE text NOT IN (SELECT value FROM json_each(?))",
    given,
  );
  db.run(
    `INSERT OR IGNORE INTO rule (text)
     SELECT value FROM json_each(?) ORDER BY key`,
    given,
  );
  return new Map(
    db.query<{ id: number; text: string }>("SELECT id, text FROM rule")
      .map(({ id, text }) => [text, id]),
  );
}

/** An edge of a rule: both ends, the rule, and for a subspan the key. */
type Edge = [left: number, right: number, rule: number, key?: string | null];

/** The edges that rules found. */
export type Edges = Record<"subspan" | "facet", Edge[]>;

const columns = {
  subspan: ["superspan_id", "subspan_id", "rule_id", "key"],
  facet: ["left_id", "right_id", "rule_id"],
};

const indexes = {
  subspan: ["subspan_down", "subspan_up"],
  facet: ["facet_left", "facet_right"],
};

/**
 * Sets subspan and facet to these edges, and no others of any rule. Existing
 * ones stay, because comparing is faster than writing.
 */
export function writeEdges(db: Database, edges: Edges): void {
  for (const table of ["subspan", "facet"] as const) {
    const names = columns[table];
    const missing = new Map<number, Map<number, Edge>>();
    for (const edge of edges[table]) {
      missing.getOrInsertComputed(edge[2], () => new Map())
        .set(endsOf(edge), edge);
    }
    const stale: number[] = [];
    const known = db.iterate(
      `SELECT rowid, ${names.join(", ")} FROM ${table}
       WHERE rule_id IS NOT NULL`,
    );
    for (const row of known) {
      const [rowid, ...edge] = Object.values(row) as [number, ...Edge];
      const same = missing.get(edge[2])?.get(endsOf(edge));
      if (!same || same[3] !== edge[3]) stale.push(rowid);
      else missing.get(edge[2])!.delete(endsOf(edge));
    }
    db.run(
      `DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(stale)],
    );
    const [before] = db.query<{ count: number }>(
      `SELECT count(*) AS count FROM ${table}`,
    );
    const rows = missing.values().flatMap((edges) => edges.values()).toArray();
    // Creating the indexes after the rows is several times faster, if there
    // were few rows before.
    const isBulk = rows.length > Math.max(minBulk, before!.count);
    if (isBulk) {
      for (const name of indexes[table]) db.run(`DROP INDEX ${name}`);
    }
    insertRows(db, table, names, rows as SqlParameter[][]);
    if (isBulk) createSchema(db);
  }
}

const minBulk = 10_000;

// As one number, which takes half of the time of a text.
const endsOf = ([left, right]: Edge) => left * 2 ** 26 + right;
