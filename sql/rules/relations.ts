import { addContradiction, type Findings, maxSides } from "./contradictions.ts";
import type { Edges } from "./edges.ts";
import type { Rows } from "./rows.ts";
import type { FacetRule, SubspanRule } from "./rules.ts";

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
  const groupsOf = (type: string, on: readonly string[]) =>
    known.getOrInsertComputed(
      JSON.stringify([type, ...on]),
      () => rows.groups(rows.columnsOf(on), ofType(type)),
    );
  for (const one of findings) {
    const { rule, id } = one;
    const isFacet = "facet" in rule;
    const [left, right] = isFacet ? rule.facet : rule.subspan;
    if (!isFacet) one.unbound = ofType(right).length;
    const [key] = isFacet || rule.key === undefined
      ? []
      : rows.columnsOf([rule.key]);
    const repeated: number[][] = [];
    const table = isFacet ? edges.facet : edges.subspan;
    const before = table.length;
    const partners = groupsOf(left, rule.on);
    for (const [values, inner] of groupsOf(right, rule.on)) {
      const outer = partners.get(values);
      if (!outer) continue;
      const isRepeated = isFacet
        ? outer.length > 1 || inner.length > 1
        : rule.one === true && outer.length > 1;
      if (!isFacet) one.unbound -= inner.length;
      if (isRepeated) {
        const sides = [outer, inner].map((rows) => rows.slice(0, maxSides));
        repeated.push(sides.flat());
        continue;
      }
      for (const row of inner) {
        const name = key ? rows.text(key.values[row]!) : null;
        for (const other of outer) {
          const [from, to] = [rows.ids[other]!, rows.ids[row]!];
          table.push(isFacet ? [from, to, id] : [from, to, id, name]);
        }
      }
    }
    one.made = table.length - before;
    one.contradicted = repeated.length;
    for (const sides of rows.sorted(repeated, rows.columnsOf(rule.on))) {
      addContradiction(rows, one, sides);
    }
  }
}
