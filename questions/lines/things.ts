import type { Database } from "../../sql/mod.ts";
import { Sql, sql } from "../../sql/mod.ts";
import { nestedSpans } from "../events/nested_spans.ts";

/**
 * What a story is of: attributes and their values, as text or number; or a query
 * of span ids.
 */
export type StoryOf = Readonly<Record<string, string | number>> | Sql;

/** One thing, by the spans under which all is that is told of it. */
export interface Thing {
  /** Accounts of the same, none nested in another. */
  ids: number[];
  /** The type of the first of them. */
  type: string;
  /** The run it belongs to, or the directory of its logs. */
  run: string | null;
}

/**
 * The things that have all the attributes. Those are one thing that have a span
 * in common, such as a facet; and so are spans of several types that are the
 * same in all attributes that all of them have.
 */
export function findThings(db: Database, what: StoryOf): Thing[] {
  const matched = what instanceof Sql
    ? sql`SELECT id FROM span WHERE id IN (${what})`
    : having(db, Object.entries(what));
  const rows = db.query<Root>(sql`
    WITH matched AS MATERIALIZED (${matched}),
    -- Sets less sets: to look each up among the others would be quadratic.
    top AS MATERIALIZED (
      SELECT id FROM matched
      EXCEPT
      SELECT subspan_id
      FROM matched CROSS JOIN subspan ON superspan_id = matched.id
      WHERE subspan_id <> superspan_id
    ),
    -- What goes in a circle has no top.
    root AS (
      SELECT id FROM (
        SELECT id FROM matched
        EXCEPT SELECT span_id FROM (${nestedSpans(sql`SELECT id FROM top`)})
      )
      UNION SELECT id FROM top
    )
    SELECT id, type, attributes FROM root JOIN span USING (id) ORDER BY id`);
  const groups = new Groups(rows.map(({ id }) => id));
  const owner = new Map<number, number>();
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const nested = nestedSpans(sql`SELECT value FROM json_each(${ids})`);
  for (const { root_id, span_id } of db.iterate<Nested>(nested)) {
    const other = owner.get(span_id);
    if (other === undefined) owner.set(span_id, root_id);
    else groups.join(other, root_id);
  }
  for (const alike of sameIdentity(rows)) {
    for (const { id } of alike) groups.join(alike[0]!.id, id);
  }
  const things = Map.groupBy(rows, ({ id }) => groups.of(id));
  return [...things.values()].map((roots) => ({
    ids: roots.map(({ id }) => id),
    type: roots[0]!.type,
    run: runOf(roots),
  }));
}

interface Root {
  id: number;
  type: string;
  attributes: string;
}

interface Nested {
  root_id: number;
  span_id: number;
}

function having(db: Database, wanted: [string, string | number][]): Sql {
  if (wanted.length === 0) {
    throw new TypeError('name an attribute of what you mean: { task: "358" }');
  }
  const conditions = wanted.map(([name, value]) =>
    sql`CAST(attributes ->> ${pathOf(name)} AS TEXT) = ${String(value)}`
  );
  for (const [name] of wanted) checkName(db, name);
  return sql`SELECT id FROM span WHERE ${sql.join(conditions, " AND ")}`;
}

const pathOf = (name: string): string => `$.${JSON.stringify(name)}`;

// A word that is misspelt would else be a thing of which nothing is known.
function checkName(db: Database, name: string): void {
  const path = pathOf(name);
  const isKnown = sql`SELECT 1 FROM span
    WHERE json_type(attributes, ${path}) IS NOT NULL LIMIT 1`;
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

/** Roots of several types that no attribute tells apart. */
function sameIdentity(roots: readonly Root[]): Root[][] {
  if (new Set(roots.map(({ type }) => type)).size < 2) return [];
  const known = roots.map(({ attributes }) =>
    new Map(Object.entries(JSON.parse(attributes)))
  );
  const shared = [...known[0]!.keys()]
    .filter((name) => known.every((attributes) => attributes.has(name)));
  const groups = Map.groupBy(
    roots.map((_, i) => i),
    (i) => JSON.stringify(shared.map((name) => known[i]!.get(name))),
  );
  return [...groups.values()]
    .map((places) => places.map((i) => roots[i]!))
    .filter((group) =>
      new Set(group.map(({ type }) => type)).size === group.length
    );
}

function runOf(roots: readonly Root[]): string | null {
  const said = roots.map(({ attributes }) => JSON.parse(attributes));
  for (const name of ["run", "rundir"]) {
    const found = said.find((attributes) => attributes[name] != null);
    if (found) return String(found[name]);
  }
  return null;
}

/** Which are together. */
class Groups {
  readonly #leaders: Map<number, number>;

  constructor(members: readonly number[]) {
    this.#leaders = new Map(members.map((member) => [member, member]));
  }

  of(member: number): number {
    let leader = this.#leaders.get(member)!;
    while (leader !== this.#leaders.get(leader)) {
      leader = this.#leaders.get(leader)!;
    }
    this.#leaders.set(member, leader);
    return leader;
  }

  join(a: number, b: number): void {
    this.#leaders.set(this.of(b), this.of(a));
  }
}
