import { type Sql, sql } from "../template.ts";

/** The path of a member of a JSON object, whatever characters are in its name. */
export function jsonPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}

/** A member of a JSON object as text, in SQL; NULL where it is none. */
export function memberText(json: Sql, name: string): Sql {
  return sql`CAST(${json} ->> ${jsonPath(name)} AS TEXT)`;
}
