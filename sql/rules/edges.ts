import type { Database } from "../database.ts";
import { insertRows } from "../insert.ts";
import { KeyNumbers } from "../key_numbers.ts";
import { createSchema } from "../schema.ts";
import { sql } from "../template.ts";
import { TextNumbers, withRoom } from "../text_numbers.ts";
import type { SqlParameter } from "../values.ts";
import { inPages } from "./chosen_rows.ts";
import { addContradiction, type Findings, maxSides } from "./contradictions.ts";
import { RowGroups } from "./row_groups.ts";
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

/** Edges, in a fifth of the memory of arrays of them. */
export class EdgeList implements Iterable<Edge> {
  length = 0;
  #ends = new Float64Array(8);
  #rules = new Int32Array(8);
  readonly #texts = new TextNumbers();
  #keys = new Int32Array(8);

  push([left, right, rule, key = null]: Edge): void {
    const at = this.length++;
    this.#ends = withRoom(this.#ends, 2 * this.length);
    this.#rules = withRoom(this.#rules, this.length);
    this.#keys = withRoom(this.#keys, this.length);
    this.#ends[2 * at] = left;
    this.#ends[2 * at + 1] = right;
    this.#rules[at] = rule;
    this.#keys[at] = key === null ? 0 : this.#texts.number(key);
  }

  at(index: number): Edge {
    const key = this.#keys[index]!;
    return [
      this.#ends[2 * index]!,
      this.#ends[2 * index + 1]!,
      this.#rules[index]!,
      key === 0 ? null : this.#texts.text(key),
    ];
  }

  *[Symbol.iterator](): Generator<Edge> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

/** The edges that rules found. */
export type Edges = Record<"subspan" | "facet", EdgeList>;

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
    const isKnown = removeStale(db, table, edges[table]);
    const missing = edges[table].length -
      isKnown.reduce((sum, is) => sum + is, 0);
    const [before] = db.query<{ count: number }>(
      `SELECT count(*) AS count FROM ${table}`,
    );
    // Creating the indexes after the rows is several times faster, if there
    // were few rows before.
    const isBulk = missing > Math.max(minBulk, before!.count);
    if (isBulk) {
      for (const name of indexes[table]) db.run(`DROP INDEX ${name}`);
    }
    const names = columns[table];
    insertRows(
      db,
      table,
      names,
      Iterator.from(edges[table]).filter((_, i) => !isKnown[i])
        .map((edge) => edge.slice(0, names.length) as SqlParameter[]),
    );
    if (isBulk) createSchema(db);
  }
}

const minBulk = 10_000;

/**
 * Removes the edges of rules that are not in the list. Returns 1 for each edge
 * of the list that is in the table; nothing if the table has no edges of rules.
 */
function removeStale(
  db: Database,
  table: keyof Edges,
  edges: EdgeList,
): Uint8Array {
  const known = inPages(
    db,
    (after, size) =>
      sql`SELECT rowid AS id, ${sql.join(columns[table].map(sql.id))}
      FROM ${sql.id(table)}
      WHERE rowid > ${after} AND rule_id IS NOT NULL
      ORDER BY rowid LIMIT ${size}`,
  );
  let isKnown = new Uint8Array();
  let find: ((edge: Edge) => number | undefined) | undefined;
  for (const page of known) {
    if (page.length === 0) break;
    if (!find) {
      isKnown = new Uint8Array(edges.length);
      find = finderOf(edges);
    }
    const stale: number[] = [];
    for (const row of page) {
      const [rowid, ...edge] = Object.values(row) as [number, ...Edge];
      const index = find(edge);
      const [, , , key = null] = edge;
      if (index === undefined || edges.at(index)[3] !== key) stale.push(rowid);
      else isKnown[index] = 1;
    }
    db.run(
      `DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(stale)],
    );
  }
  return isKnown;
}

/** Returns a function that finds the index of an edge by its rule and ends. */
function finderOf(edges: EdgeList): (edge: Edge) => number | undefined {
  const keys = new KeyNumbers();
  const textsOf = ([left, right, rule]: Edge) =>
    [rule, left, right].map(String);
  let indexes = new Int32Array(8);
  for (let i = 0; i < edges.length; i++) {
    const number = keys.number(textsOf(edges.at(i)));
    indexes = withRoom(indexes, number + 1);
    indexes[number] = i + 1;
  }
  return (edge) => {
    const index = indexes[keys.known(textsOf(edge))];
    return index ? index - 1 : undefined;
  };
}

/** A rule that relates spans of two types. */
export type Relation = FacetRule | SubspanRule;

/** Adds the edges that relations find. */
export function bindRelations(
  rows: Rows,
  edges: Edges,
  findings: readonly Findings<Relation>[],
): void {
  const ofType = rows.byType();
  const known = new Map<string, RowGroups>();
  const groupsOf = (type: string, on: readonly string[], unless?: string) =>
    known.getOrInsertComputed(JSON.stringify([type, unless, ...on]), () => {
      const [without] = unless === undefined ? [] : rows.columnsOf([unless]);
      const isIn = (row: number) => !without || without.values[row] === 0;
      return new RowGroups(rows, rows.columnsOf(on), ofType(type), isIn);
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
      one.unbound = groups.rowCount;
    }
    for (const inner of groups) {
      const outer = partners.equalTo(inner[0]!, rows.columnsOf(rightNames));
      if (outer.length === 0) continue;
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
