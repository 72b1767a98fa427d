import { type Database, spanSql as sql } from "../../sql/mod.ts";

/**
 * Tells a mistyped executor from one that has nothing to list. Reads all spans:
 * call it only if there are no rows.
 *
 * @throws {RangeError} with a list of the executors, if none has this label
 */
export function checkExecutor(
  db: Database,
  executor: string | undefined,
): void {
  if (executor === undefined) return;
  const names = db.query<{ name: string }>(
    sql`SELECT DISTINCT attributes ->> 'executor' AS name FROM span
      WHERE name IS NOT NULL ORDER BY name`,
  ).map(({ name }) => name);
  if (names.includes(executor)) return;
  const shown = names.slice(0, 12).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  throw new RangeError(
    `there is no executor ${JSON.stringify(executor)}` +
      (names.length ? `: there is ${shown.join(", ")}` : ", nor any other") +
      (more > 0 ? ` and ${more} more` : ""),
  );
}
