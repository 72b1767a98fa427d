import type { Database } from "../database.ts";
import { insertRows } from "../insert.ts";
import { createSchema } from "../schema.ts";
import { sql } from "../template.ts";
import type { SqlParameter } from "../values.ts";
import { inPages } from "./chosen_rows.ts";
import { addContradiction, type Findings, maxSides } from "./contradictions.ts";
import type { Rows } from "./rows.ts";
import {
  comparedNames,
  type FacetRule,
  type SubspanRule,
  typesOf,
} from "./rules.ts";

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
  return new Map(
    db.query<{ id: number; text: string }>(
      `INSERT INTO rule (text) SELECT value FROM json_each(?) WHERE true
       ORDER BY key
       ON CONFLICT (text) DO UPDATE SET text = excluded.text
       RETURNING id, text`,
      given,
    ).map(({ id, text }) => [text, id]),
  );
}

/** An edge of a rule: both ends, the rule, and for a subspan the key. */
export type Edge = [
  left: number,
  right: number,
  rule: number,
  key?: string | null,
];

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
    const missing = new Map<number, Map<number | string, Edge>>();
    for (const edge of edges[table]) {
      missing.getOrInsertComputed(edge[2], () => new Map())
        .set(endsOf(edge), edge);
    }
    const stale: number[] = [];
    const known = inPages(
      db,
      (after, size) =>
        sql`SELECT rowid AS id, ${sql.join(names.map(sql.id))}
        FROM ${sql.id(table)}
        WHERE rowid > ${after} AND rule_id IS NOT NULL
        ORDER BY rowid LIMIT ${size}`,
    );
    for (const row of Iterator.from(known).flatMap((page) => page)) {
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

// As one number, which takes half of the time of a text, unless ids of a user's
// own are too large for that.
const endsOf = ([left, right]: Edge): number | string =>
  isShort(left) && isShort(right) ? left * 2 ** 26 + right : `${left} ${right}`;

const isShort = (id: number) => id >= 0 && id < 2 ** 26;

/** A rule that relates spans of two types. */
export type Relation = FacetRule | SubspanRule;

/** Adds the edges that relations find. */
export function bindRelations(
  rows: Rows,
  edges: Edges,
  findings: readonly Findings<Relation>[],
): void {
  const byType = Map.groupBy(rows.ids.keys(), (row) => rows.types[row]!);
  const ofType = (type: string) => byType.get(rows.number(type)) ?? [];
  const known = new Map<string, Map<number, number[]>>();
  const groupsOf = (type: string, on: readonly string[], unless?: string) =>
    known.getOrInsertComputed(JSON.stringify([type, unless, ...on]), () => {
      const all = ofType(type);
      const [without] = unless === undefined ? [] : rows.columnsOf([unless]);
      return rows.groups(
        rows.columnsOf(on),
        without ? all.filter((row) => without.values[row] === 0) : all,
      );
    });
  for (const one of findings) {
    const { rule, id } = one;
    const isFacet = "facet" in rule;
    const [left, right] = typesOf(rule);
    const [leftNames, rightNames] = comparedNames(rule);
    const unless = isFacet ? rule.unless : undefined;
    const isRequired = !isFacet && !rule.optional;
    if (ofType(left).length === 0 || ofType(right).length === 0) continue;
    if (isRequired) one.unbound = ofType(right).length;
    const [key] = isFacet || rule.key === undefined
      ? []
      : rows.columnsOf([rule.key]);
    const repeated: number[][] = [];
    const table = isFacet ? edges.facet : edges.subspan;
    const before = table.length;
    const partners = groupsOf(left, leftNames, unless);
    const groups = groupsOf(right, rightNames, unless);
    // Without the second attribute of a pair a span says that it is in no other.
    if (isRequired && rule.on.some((name) => typeof name !== "string")) {
      one.unbound = groups.values().reduce((sum, rows) => sum + rows.length, 0);
    }
    for (const [values, inner] of groups) {
      const outer = partners.get(values);
      if (!outer) continue;
      const isRepeated = isFacet
        ? outer.length > 1 || inner.length > 1
        : rule.one === true && outer.length > 1;
      if (isRequired) one.unbound -= inner.length;
      if (isRepeated) {
        const sides = [outer, inner].map((rows) => rows.slice(0, maxSides));
        repeated.push(sides.flat());
        continue;
      }
      for (const row of inner) {
        const name = key ? rows.text(key.values[row]!) : null;
        for (const other of outer) {
          if (other === row) continue;
          const [from, to] = [rows.ids[other]!, rows.ids[row]!];
          table.push(isFacet ? [from, to, id] : [from, to, id, name]);
        }
      }
    }
    one.made = table.length - before;
    one.contradicted = repeated.length;
    for (const sides of rows.sorted(repeated, rows.columnsOf(leftNames))) {
      addContradiction(rows, one, sides);
    }
  }
}
