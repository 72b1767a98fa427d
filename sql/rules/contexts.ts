import type { Database } from "../database.ts";
import { spanKey } from "../span_key.ts";
import { sql } from "../template.ts";
import { isMade } from "./chosen_rows.ts";
import type { Findings } from "./contradictions.ts";
import type { Edge, Edges, Relation } from "./edges.ts";
import type { Column, Rows } from "./rows.ts";
import {
  contextNames,
  type ContextRule,
  contextType,
  typesOf,
} from "./rules.ts";

/** The spans that carry the value of a context. */
interface ContextGroup {
  carriers: readonly number[];
  /** Its own values, and the values of the contexts around it. */
  values: Record<string, string | null>;
}

/** The contexts of a rule. */
interface Contexts {
  findings: Findings<ContextRule>;
  type: string;
  columns: readonly Column[];
  names: readonly string[];
  groups: Map<string, ContextGroup>;
  /** The ids of the spans, by key. */
  ids: Map<string, number>;
  /** Contexts that these are inside. */
  around: Contexts[];
}

/**
 * Makes the spans of context rules, one for all calls of bind(), and removes the
 * ones that only earlier rules made. Returns the edges to the spans in them: the
 * spans that carry their values, and narrower contexts.
 *
 * @param relations rules that may relate contexts themselves
 */
export function bindContexts(
  db: Database,
  rows: Rows,
  findings: readonly Findings<ContextRule>[],
  relations: readonly Findings<Relation>[],
): Edge[] {
  const [{ earlier }] = db.query<{ earlier: string }>(
    sql`SELECT json_group_array(id) AS earlier FROM span WHERE ${isMade}`,
  ) as [{ earlier: string }];
  const all = findings.map((one) => contextsOf(rows, one));
  const isRelated = (a: Contexts, b: Contexts) =>
    relations.some(({ rule }) =>
      typesOf(rule).includes(a.type) && typesOf(rule).includes(b.type)
    );
  for (const [i, inner] of all.entries()) {
    inner.around = all.filter((outer, j) =>
      outer !== inner && !isRelated(inner, outer) &&
      determines(rows, inner, outer) &&
      (j < i || !determines(rows, outer, inner))
    );
  }
  for (const { around, groups } of all) {
    for (const group of groups.values()) {
      const names = around.flatMap(({ names }) => names);
      Object.assign(group.values, rows.valuesOf(group.carriers[0]!, names));
    }
  }
  const made = all.flatMap((one) => makeContexts(db, rows, one, earlier));
  db.run(
    `DELETE FROM span WHERE id IN (SELECT value FROM json_each(?))
       AND id NOT IN (SELECT value FROM json_each(?))`,
    [earlier, JSON.stringify(made.map(({ id }) => id))],
  );
  const edges = all.flatMap((one) => edgesOf(rows, one));
  for (const { id, values, type } of made) rows.add(id, values, { type });
  return edges;
}

function contextsOf(rows: Rows, findings: Findings<ContextRule>): Contexts {
  const { rule } = findings;
  const names = contextNames(rule);
  const columns = rows.columnsOf(names);
  const carriers = rows.sorted(rows.groups(columns).values(), columns);
  const groups = new Map(carriers.map((carriers) => {
    const values = rows.valuesOf(carriers[0]!, names);
    return [contextKey(names, values), { carriers, values }];
  }));
  const type = contextType(rule);
  const [ids, around] = [new Map<string, number>(), []];
  return { findings, type, columns, names, groups, ids, around };
}

const contextKey = (
  names: readonly string[],
  values: Readonly<Record<string, string | null>>,
): string => spanKey(names.map((name) => values[name]!));

/** Whether all spans in each inner context are in one outer context. */
const determines = (rows: Rows, inner: Contexts, outer: Contexts): boolean =>
  inner.groups.values().every(({ carriers }) => {
    const key = rows.key(outer.columns, carriers[0]!);
    return key !== 0 &&
      carriers.every((row) => rows.key(outer.columns, row) === key);
  });

/**
 * Returns the spans that are not among the rows.
 *
 * @param earlier JSON array of the ids of spans that rules made before
 */
function makeContexts(
  db: Database,
  rows: Rows,
  { type, names, groups, ids, around }: Contexts,
  earlier: string,
) {
  const spans = JSON.stringify(
    Array.from(groups, ([key, { values }]) => [key, JSON.stringify(values)]),
  );
  const all = new Set([names, ...around.map(({ names }) => names)].flat());
  // Equal keys have equal values, unless the rules have changed.
  db.run(
    `INSERT INTO span (type, key, attributes, implied)
     SELECT :type, value ->> 0, value ->> 1, :names FROM json_each(:spans)
     WHERE true
     ON CONFLICT (type, key) DO UPDATE
     SET attributes = excluded.attributes, implied = excluded.implied
     WHERE id IN (SELECT value FROM json_each(:earlier)) AND
       (implied, attributes) <> (excluded.implied, excluded.attributes)`,
    { type, names: JSON.stringify([...all]), spans, earlier },
  );
  const found = db.query<{ id: number; key: string }>(
    `SELECT id, key FROM span WHERE type = :type
       AND key IN (SELECT value ->> 0 FROM json_each(:spans))`,
    { type, spans },
  );
  for (const { id, key } of found) ids.set(key, id);
  const own = new Set(
    Iterator.from(rows.byType()(type)).map((row) => rows.ids[row]!),
  );
  return found.filter(({ id }) => !own.has(id)).map(({ id, key }) => ({
    id,
    type,
    values: groups.get(key)!.values,
  }));
}

function edgesOf(
  rows: Rows,
  { findings, type, groups, ids, around }: Contexts,
): Edge[] {
  // A span of a source that serves as the context is in no context of its type.
  const number = rows.number(type);
  return Array.from(groups, ([key, { carriers, values }]) => {
    const id = ids.get(key)!;
    return [
      ...carriers.filter((row) => rows.types[row] !== number)
        .map((row): Edge => [id, rows.ids[row]!, findings.id, null]),
      ...around.map((outer): Edge => [
        outer.ids.get(contextKey(outer.names, values))!,
        id,
        outer.findings.id,
        null,
      ]),
    ];
  }).flat();
}

/**
 * Adds the edges of contexts. A span is directly in a context only if no span
 * around it is: the context contains the others with that one.
 *
 * @param found the spans in each context
 */
export function addContextEdges(
  db: Database,
  found: readonly Edge[],
  edges: Edges,
  findings: readonly Findings<ContextRule>[],
): void {
  if (found.length === 0) return;
  const inner = new Map<number, number[]>();
  const nest = (outer: number, id: number) => {
    if (outer !== id) inner.getOrInsertComputed(outer, () => []).push(id);
  };
  for (const [outer, id] of edges.subspan) nest(outer, id);
  for (const [outer, id] of found) nest(outer, id);
  const nested = db.iterate<{ superspan_id: number; subspan_id: number }>(
    "SELECT superspan_id, subspan_id FROM subspan WHERE rule_id IS NULL",
  );
  for (const { superspan_id, subspan_id } of nested) {
    nest(superspan_id, subspan_id);
  }
  const byId = new Map(findings.map((one) => [one.id, one]));
  for (const [context, all] of Map.groupBy(found, ([outer]) => outer)) {
    const members = new Set(inner.get(context));
    const within = new Set(
      members.values().flatMap((id) =>
        (inner.get(id) ?? []).filter((one) => members.has(one))
      ),
    );
    const reached = new Set<number>();
    const top: number[] = [];
    const reach = (id: number) => {
      top.push(id);
      for (const left = [id]; left.length > 0;) {
        const next = left.pop()!;
        if (reached.has(next)) continue;
        reached.add(next);
        for (const one of inner.get(next) ?? []) {
          if (members.has(one)) left.push(one);
        }
      }
    };
    for (const id of members) if (!within.has(id)) reach(id);
    // A circle of nesting has no outermost span.
    for (const id of members) if (!reached.has(id)) reach(id);
    const outermost = new Set(top);
    for (const edge of all) {
      // A span that serves as a context is there twice.
      if (edge[0] !== context || !outermost.delete(edge[1])) continue;
      edges.subspan.push(edge);
      byId.get(edge[2])!.made++;
    }
  }
}
