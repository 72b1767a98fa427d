import { flatRollup } from "d3-array";
import { findRun } from "../questions/mod.ts";
import { type Database, type Sql, sql } from "../sql/mod.ts";
import { identityNames, type scopes } from "./client/identity.js";

/** A kind of entity to click on; also the attribute that names it. */
export type EntityKind = keyof typeof scopes;

/** The kinds, from the widest to the narrowest. */
export const entityKinds = identityNames as readonly EntityKind[];

/** The entities that a span belongs to, if known. */
export type Identity = Partial<Record<EntityKind, string>>;

/** A span of the page. */
export interface PageSpan {
  id: number;
  type: string;
  identity: Identity;
  /** The other attributes. */
  rest: Record<string, unknown>;
}

/** The spans of the page, and their index by id. */
export interface Spans {
  all: PageSpan[];
  indexOf: Map<number, number>;
  /** Whether the database has others. */
  isPart: boolean;
}

/** A query of the spans' ids. */
export const idsQuery = (spans: readonly PageSpan[]): Sql =>
  sql`SELECT value AS id FROM json_each(${
    JSON.stringify(spans.map(({ id }) => id))
  })`;

/**
 * Reads all spans. A span without a part of its identity takes it from equal
 * spans and from those around it, unless these contradict each other.
 */
export function readSpans(db: Database): Spans {
  const all: PageSpan[] = [];
  const rows = db.iterate<{ id: number; type: string; attributes: string }>(
    "SELECT id, type, attributes FROM span ORDER BY id",
  );
  for (const { id, type, attributes } of rows) {
    all.push({ id, type, ...splitAttributes(attributes) });
  }
  const spans = spansOf(all, false);
  const pairs = (query: string): [PageSpan, PageSpan][] =>
    db.query<{ a: number; b: number }>(query).flatMap(({ a, b }) => {
      const [from, to] = [a, b].map((id) => all[spans.indexOf.get(id) ?? -1]);
      return from && to && from !== to ? [[from, to]] : [];
    });
  const equal = pairs("SELECT left_id AS a, right_id AS b FROM facet");
  completeIdentities([
    ...equal,
    ...equal.map(([a, b]): [PageSpan, PageSpan] => [b, a]),
    ...pairs("SELECT superspan_id AS a, subspan_id AS b FROM subspan"),
  ]);
  return spans;
}

const spansOf = (all: PageSpan[], isPart: boolean): Spans => ({
  all,
  indexOf: new Map(all.map(({ id }, index) => [id, index])),
  isPart,
});

function splitAttributes(attributes: string) {
  const rest: Record<string, unknown> = JSON.parse(attributes);
  const identity: Identity = {};
  for (const kind of entityKinds) {
    // If no log names the run, its directory stands for it.
    const value = kind === "run" ? rest.run ?? rest.rundir : rest[kind];
    if (value === undefined || value === null) continue;
    identity[kind] = typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
    delete rest[kind];
  }
  return { identity, rest };
}

// Spans nested deeper have names of their own.
const maxRounds = 8;

function completeIdentities(paths: readonly [PageSpan, PageSpan][]): void {
  for (let round = 0; round < maxRounds; round++) {
    const found = paths.flatMap(([from, to]) =>
      entityKinds.filter((kind) =>
        from.identity[kind] !== undefined && to.identity[kind] === undefined
      ).map((kind) => ({ to, kind, value: from.identity[kind]! }))
    );
    const values = flatRollup(
      found,
      (all) => new Set(all.map(({ value }) => value)),
      ({ to }) => to,
      ({ kind }) => kind,
    ).filter(([, , values]) => values.size === 1);
    for (const [{ identity }, kind, [value]] of values) identity[kind] = value;
    if (values.length === 0) return;
  }
}

/**
 * The spans of one run.
 *
 * @throws {RangeError} with a list of the runs, if none or several match
 */
export function onlyRun(db: Database, { all }: Spans, name: string): Spans {
  const { run, rundir } = findRun(db, name);
  const key = run ?? rundir;
  return spansOf(all.filter(({ identity }) => identity.run === key), true);
}
