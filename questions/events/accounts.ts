import { type Sql, sql } from "../../sql/mod.ts";

/** Who tells of a type: the type without its last part. */
export function accountOf(type: string): string {
  const end = type.lastIndexOf(".");
  return end > 0 ? type.slice(0, end) : type;
}

/**
 * The account of each type that is there: columns type and account.
 *
 * SQLite cannot look for the last dot. But all that is no dot can be trimmed
 * from the end of the type, and then the dot.
 */
export const accounts: Sql = sql`
  SELECT type, CASE WHEN instr(substr(type, 2), '.') = 0 THEN type
    ELSE substr(
      type, 1, length(rtrim(type, replace(type, '.', ''))) - 1) END AS account
  FROM span GROUP BY type`;
