import { type Database, jsonPath, spanSql as sql, Sql } from "../../sql/mod.ts";
import { ownSpans } from "../events/nested_spans.ts";
import { findRun, isOfRun } from "../runs/find_run.ts";
import entitiesText from "./entities.sql" with { type: "text" };

/**
 * The entity of a story: attributes and their values, as text or number; or a
 * query of span ids.
 */
export type StoryOf = Readonly<Record<string, string | number>> | Sql;

/** An entity, by the spans that hold everything about it. */
export interface Entity {
  /** Spans that describe it, none nested in another. */
  ids: number[];
  /** The type of the first of them. */
  type: string;
  /** The run it belongs to, or the directory of its logs. */
  run: string | null;
}

interface Root {
  id: number;
  type: string;
  attributes: Record<string, unknown>;
}

/**
 * Finds the entities that have all the attributes. Spans belong to one entity if
 * they are nested in each other or equal. Spans of different types also do if
 * they have a nested or equal span in common, or the same values of all the
 * attributes that all of them have.
 */
export function findEntities(db: Database, what: StoryOf): Entity[] {
  const matched = what instanceof Sql
    ? sql`SELECT id FROM span WHERE id IN (${what})`
    : spansHaving(db, Object.entries(what));
  const roots = db.query<Omit<Root, "attributes"> & { attributes: string }>(
    sql.module(entitiesText, { matched }),
  ).map((root): Root => ({ ...root, attributes: JSON.parse(root.attributes) }));
  const leaders = new Map(roots.map(({ id }) => [id, id]));
  const leaderOf = (id: number): number => {
    let [leader, next] = [id, leaders.get(id)!];
    while (next !== leader) {
      // Shortens the path for the next time.
      leaders.set(leader, leaders.get(next)!);
      [leader, next] = [next, leaders.get(next)!];
    }
    return leader;
  };
  const join = (a: number, b: number) => leaders.set(leaderOf(b), leaderOf(a));
  const types = new Map(roots.map(({ id, type }) => [id, type]));
  const ids = JSON.stringify(roots.map(({ id }) => id));
  const held = db.iterate<{ root_id: number; span_id: number }>(
    ownSpans(sql`SELECT value FROM json_each(${ids})`),
  );
  for (const [span, holders] of Map.groupBy(held, ({ span_id }) => span_id)) {
    const [first, ...others] = holders.map(({ root_id }) => root_id);
    const isAlike = others.every((id) => types.get(id) === types.get(first!));
    // Two workers that ran the same task are two entities.
    if (isAlike && !types.has(span)) continue;
    for (const id of others) join(first!, id);
  }
  for (const [first, ...others] of sameIdentity(roots)) {
    for (const { id } of others) join(first!.id, id);
  }
  return Map.groupBy(roots, ({ id }) => leaderOf(id)).values()
    .map((roots) => ({
      ids: roots.map(({ id }) => id),
      type: roots[0]!.type,
      run:
        ["run", "rundir"].flatMap((name) =>
          roots.map(({ attributes }) => attributes[name] ?? null)
        ).filter((run) => run !== null).map(String)[0] ?? null,
    })).toArray();
}

function spansHaving(db: Database, wanted: [string, string | number][]): Sql {
  if (wanted.length === 0) {
    throw new TypeError('name an attribute of what you mean: { task: "358" }');
  }
  for (const [name] of wanted) checkName(db, name);
  const conditions = wanted.map(([name, value]) => {
    const isEqual = sql`CAST(attributes ->> ${jsonPath(name)} AS TEXT) = ${
      String(value)
    }`;
    return name === "run" &&
        !db.query(sql`SELECT 1 FROM span WHERE ${isEqual} LIMIT 1`)[0]
      ? isOfRun(findRun(db, String(value)))
      : isEqual;
  });
  return sql`SELECT id FROM span WHERE ${sql.join(conditions, " AND ")}`;
}

// Otherwise a misspelt name would be an entity without any events.
function checkName(db: Database, name: string): void {
  const isKnown = sql`SELECT 1 FROM span
    WHERE json_type(attributes, ${jsonPath(name)}) IS NOT NULL LIMIT 1`;
  if (db.query(isKnown).length > 0) return;
  const names = db.query<{ name: string }>(
    `SELECT DISTINCT attribute.key AS name
     FROM span CROSS JOIN json_each(span.attributes) AS attribute ORDER BY name`,
  ).map(({ name }) => name);
  if (names.length === 0) return;
  throw new RangeError(
    `no span has the attribute ${JSON.stringify(name)}: ` +
      `there are ${names.join(", ")}`,
  );
}

/** Groups spans of several types that no shared attribute distinguishes. */
function sameIdentity(roots: readonly Root[]): Root[][] {
  if (new Set(roots.map(({ type }) => type)).size < 2) return [];
  const shared = Object.keys(roots[0]!.attributes)
    .filter((name) =>
      roots.every(({ attributes }) => Object.hasOwn(attributes, name))
    );
  const groups = Map.groupBy(
    roots,
    ({ attributes }) => JSON.stringify(shared.map((name) => attributes[name])),
  );
  return [...groups.values()].filter((group) =>
    new Set(group.map(({ type }) => type)).size === group.length
  );
}
