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
  /** The other attributes, as JSON: objects take several times the memory. */
  rest: string;
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
  const texts = new Map<string, string>();
  const shared = (text: string) => texts.getOrInsert(text, text);
  const rows = db.iterate<{ id: number; type: string; attributes: string }>(
    "SELECT id, type, attributes FROM span ORDER BY id",
  );
  for (const { id, type, attributes } of rows) {
    const { identity, rest } = splitAttributes(attributes, shared);
    all.push({ id, type: shared(type), identity, rest });
  }
  const spans = spansOf(all, false);
  const paths: [from: number, to: number][] = [];
  const edges = db.iterate<{ a: number; b: number }>(
    `SELECT left_id AS a, right_id AS b FROM facet
    UNION ALL SELECT right_id, left_id FROM facet
    UNION ALL SELECT superspan_id, subspan_id FROM subspan`,
  );
  for (const { a, b } of edges) {
    const [from, to] = [a, b].map((id) => spans.indexOf.get(id) ?? -1);
    if (from! >= 0 && to! >= 0 && from !== to) paths.push([from!, to!]);
  }
  completeIdentities(all, paths);
  return spans;
}

const spansOf = (all: PageSpan[], isPart: boolean): Spans => ({
  all,
  indexOf: new Map(all.map(({ id }, index) => [id, index])),
  isPart,
});

function splitAttributes(
  attributes: string,
  shared: (text: string) => string,
): Pick<PageSpan, "identity" | "rest"> {
  const rest: Record<string, unknown> = JSON.parse(attributes);
  const identity: Identity = {};
  for (const kind of entityKinds) {
    // If no log names the run, its directory stands for it.
    const value = kind === "run" ? rest.run ?? rest.rundir : rest[kind];
    if (value === undefined || value === null) continue;
    identity[kind] = shared(
      typeof value === "object" ? JSON.stringify(value) : String(value),
    );
    delete rest[kind];
  }
  return { identity, rest: shared(JSON.stringify(rest)) };
}

// Spans nested deeper have names of their own.
const maxRounds = 8;

function completeIdentities(
  all: readonly PageSpan[],
  paths: readonly (readonly [from: number, to: number])[],
): void {
  for (let round = 0; round < maxRounds; round++) {
    // Null is a contradiction.
    const found = new Map<number, Partial<Record<EntityKind, string | null>>>();
    for (const [from, to] of paths) {
      const [known, lacking] = [all[from]!.identity, all[to]!.identity];
      for (const kind of entityKinds) {
        const value = known[kind];
        if (value === undefined || lacking[kind] !== undefined) continue;
        const values = found.getOrInsertComputed(to, () => ({}));
        values[kind] = (values[kind] === undefined || values[kind] === value)
          ? value
          : null;
      }
    }
    let isComplete = true;
    for (const [index, values] of found) {
      for (const kind of entityKinds) {
        const value = values[kind];
        if (value === undefined || value === null) continue;
        all[index]!.identity[kind] = value;
        isComplete = false;
      }
    }
    if (isComplete) return;
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
