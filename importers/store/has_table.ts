import type { Database } from "../../sql/mod.ts";

/**
 * Whether one of the tables that imports write exists. The first import creates
 * them as late as possible, so that a path without logs leaves none behind.
 */
export const hasTable = (db: Database, name: string): boolean =>
  db.query("SELECT 1 FROM sqlite_schema WHERE name = ?", [name]).length > 0;
