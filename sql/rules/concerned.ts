import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import type { Rule } from "./rules.ts";

/**
 * Whether rules may say anything of a span, in SQL: it is of a type that they
 * relate to another which is there, or they imply something of any span.
 */
export function isConcerned(db: Database, rules: readonly Rule[]): Sql {
  // Whether an attribute may be that of some span. Text alone is looked at, which
  // is faster than to read it as JSON, and may name an attribute that is none.
  const isThere = remembered((name) =>
    db.query(sql`SELECT 1 FROM span
      WHERE instr(attributes, ${JSON.stringify(name)})
        OR instr(attributes, '\\') LIMIT 1`).length > 0
  );
  // A value that is implied comes from a span that has it.
  const aboutAny = rules.some((rule) =>
    "context" in rule ||
    ("implies" in rule && [...rule.implies, ...rule.gives].every(isThere))
  );
  if (aboutAny) return sql`TRUE`;
  const there = new Set(
    db.query<{ type: string }>("SELECT DISTINCT type FROM span")
      .map(({ type }) => type),
  );
  const types = rules.flatMap((rule) => {
    if (!("on" in rule)) return [];
    const related = "facet" in rule ? rule.facet : rule.subspan;
    return related.every((type) => there.has(type)) ? related : [];
  });
  return sql`(span.implied IS NOT NULL OR span.type IN (${
    sql.join([...new Set(types)].map((type) => sql`${type}`))
  }))`;
}

function remembered(find: (name: string) => boolean) {
  const found = new Map<string, boolean>();
  return (name: string): boolean => {
    const known = found.get(name) ?? find(name);
    found.set(name, known);
    return known;
  };
}
