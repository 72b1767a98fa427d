import { type Database, type Sql, sql } from "../sql/mod.ts";
import { type Identity, identityNames, splitAttributes } from "./identity.ts";

/** A span, as the page needs it. */
export interface PageSpan {
  id: number;
  type: string;
  identity: Identity;
  /** What else is said of it. */
  rest: Record<string, unknown>;
}

/** All spans, and where each is by its id. */
export interface Spans {
  all: PageSpan[];
  indexOf: Map<number, number>;
  /** Whether there are more in the database. */
  isPart: boolean;
}

/** The ids of all, as a query, where they are a part of the database. */
export const idsOf = ({ all }: Spans): Sql =>
  sql`SELECT value AS id FROM json_each(${
    JSON.stringify(all.map(({ id }) => id))
  })`;

/**
 * All spans, each with the identity that it has itself, that other components' spans of
 * the same give it, or what it is nested in. Where these contradict each other,
 * none is taken.
 */
export function readSpans(db: Database): Spans {
  const all: PageSpan[] = [];
  const indexOf = new Map<number, number>();
  const rows = db.iterate<{ id: number; type: string; attributes: string }>(
    "SELECT id, type, attributes FROM span ORDER BY id",
  );
  for (const { id, type, attributes } of rows) {
    indexOf.set(id, all.length);
    all.push({ id, type, ...splitAttributes(attributes) });
  }
  const pairs = (query: string): [PageSpan, PageSpan][] =>
    db.query<{ a: number; b: number }>(query).flatMap(({ a, b }) => {
      const [from, to] = [all[indexOf.get(a) ?? -1], all[indexOf.get(b) ?? -1]];
      return from && to && from !== to ? [[from, to]] : [];
    });
  share(
    pairs("SELECT left_id AS a, right_id AS b FROM facet"),
    pairs("SELECT superspan_id AS a, subspan_id AS b FROM subspan"),
  );
  return { all, indexOf, isPart: false };
}

// What is nested more deeply than this has names of its own.
const mostRounds = 8;

function share(
  facets: [PageSpan, PageSpan][],
  nested: [PageSpan, PageSpan][],
): void {
  const ways = [
    ...facets,
    ...facets.map(([a, b]): [PageSpan, PageSpan] => [b, a]),
    ...nested,
  ];
  for (let round = 0; round < mostRounds; round++) {
    const found = new Map<PageSpan, Record<string, string | null>>();
    for (const [from, to] of ways) {
      for (const name of identityNames) {
        const value = from.identity[name];
        if (value === undefined || to.identity[name] !== undefined) continue;
        let values = found.get(to);
        if (!values) found.set(to, values = {});
        values[name] = name in values && values[name] !== value ? null : value;
      }
    }
    let isNew = false;
    for (const [{ identity }, values] of found) {
      for (const name of identityNames) {
        const value = values[name];
        if (value == null) continue;
        identity[name] = value;
        isNew = true;
      }
    }
    if (!isNew) return;
  }
}
