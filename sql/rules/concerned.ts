import type { Database } from "../database.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import { type Rule, typesOf } from "./rules.ts";

/**
 * The condition for spans that rules can relate or complete, or have completed
 * before. It may hold for others: reading a span takes ten times as long.
 */
export function concerned(db: Database, rules: Iterable<Rule>): Sql {
  const present = new Set(
    db.query<{ type: string }>("SELECT DISTINCT type FROM span")
      .map(({ type }) => type),
  );
  const types = new Set<string>();
  // An escaped name has a backslash.
  const conditions = [
    sql`implied IS NOT NULL`,
    sql`typeof(attributes) <> 'text'`,
    sql`instr(attributes, ${"\\"})`,
  ];
  for (const rule of rules) {
    // Contexts take part in other rules.
    if ("context" in rule) return sql`TRUE`;
    if ("implies" in rule) {
      const names = rule.implies.filter((name) => /^\w+$/.test(name))
        .map((name) => sql`instr(attributes, ${name})`);
      conditions.push(sql`(${sql.join([sql`TRUE`, ...names], " AND ")})`);
    } else {
      const ends = typesOf(rule);
      if (!ends.every((type) => present.has(type))) continue;
      for (const type of ends) types.add(type);
    }
  }
  const related = JSON.stringify([...types]);
  return sql`(type IN (SELECT value FROM json_each(${related}))
    OR ${sql.join(conditions, " OR ")})`;
}
