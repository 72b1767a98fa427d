import type { Database } from "../database.ts";
import { spanKey } from "../span_key.ts";
import { sql } from "../template.ts";
import { isMade } from "./chosen_rows.ts";
import type { Findings } from "./contradictions.ts";
import type { Edges } from "./edges.ts";
import type { Rows } from "./rows.ts";
import { contextNames, type ContextRule, contextType } from "./rules.ts";

/**
 * Makes the spans of context rules, one for all calls of bind(), and nests the
 * spans that carry their values in them. Removes the ones that only earlier
 * rules made.
 *
 * No context carries another one: all rules look for carriers before the new
 * spans are added to the rows, where relations find them.
 */
export function bindContexts(
  db: Database,
  rows: Rows,
  edges: Edges,
  findings: readonly Findings<ContextRule>[],
): void {
  const earlier = JSON.stringify(
    db.query<{ id: number }>(sql`SELECT id FROM span WHERE ${isMade}`)
      .map(({ id }) => id),
  );
  const made = findings.flatMap((one) =>
    bindContext(db, rows, edges, one, earlier)
  );
  db.run(
    `DELETE FROM span WHERE id IN (SELECT value FROM json_each(?))
       AND id NOT IN (SELECT value FROM json_each(?))`,
    [earlier, JSON.stringify(made.map(({ id }) => id))],
  );
  for (const { id, texts, type } of made) rows.add(id, texts, { type });
}

interface Context {
  id: number;
  type: string;
  texts: (string | null)[];
}

/**
 * Returns the spans that are not among the rows.
 *
 * @param earlier JSON array of the ids of spans that rules made before
 */
function bindContext(
  db: Database,
  rows: Rows,
  edges: Edges,
  findings: Findings<ContextRule>,
  earlier: string,
): Context[] {
  const { rule } = findings;
  const names = contextNames(rule);
  const type = contextType(rule);
  const columns = rows.columnsOf(names);
  const carriers = rows.sorted(rows.groups(columns).values(), columns);
  const groups = new Map(carriers.map((carriers) => {
    const values = rows.valuesOf(carriers[0]!, names);
    const key = spanKey(names.map((name) => values[name]!));
    return [key, { carriers, values }];
  }));
  const spans = JSON.stringify(
    Array.from(groups, ([key, { values }]) => [key, JSON.stringify(values)]),
  );
  // Equal keys have equal values, unless the names in the rule have changed.
  db.run(
    `INSERT INTO span (type, key, attributes, implied)
     SELECT :type, value ->> 0, value ->> 1, :names FROM json_each(:spans)
     WHERE true
     ON CONFLICT (type, key) DO UPDATE
     SET attributes = excluded.attributes, implied = excluded.implied
     WHERE id IN (SELECT value FROM json_each(:earlier))
       AND implied <> excluded.implied`,
    { type, names: JSON.stringify(names), spans, earlier },
  );
  const found = db.query<{ id: number; key: string }>(
    `SELECT id, key FROM span WHERE type = :type
       AND key IN (SELECT value ->> 0 FROM json_each(:spans))`,
    { type, spans },
  );
  // A span of a source that serves as the context is in no context of its type.
  const number = rows.number(type);
  const own = new Set(rows.ids.filter((_, row) => rows.types[row] === number));
  for (const { id, key } of found) {
    for (const row of groups.get(key)!.carriers) {
      if (rows.types[row] === number) continue;
      edges.subspan.push([id, rows.ids[row]!, findings.id, null]);
      findings.made++;
    }
  }
  return found.filter(({ id }) => !own.has(id)).map(({ id, key }) => ({
    id,
    type,
    texts: rows.columns.map(({ name }) =>
      groups.get(key)!.values[name] ?? null
    ),
  }));
}
