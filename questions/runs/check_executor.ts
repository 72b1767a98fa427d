import { withShortStack } from "../../display/notebook/jupyter.ts";
import { listedFor, quoted } from "../../display/text/mistakes.ts";
import { didYouMean } from "../../display/text/nearest.ts";
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
  throw withShortStack(
    new RangeError(
      `there is no executor ${quoted(executor)}` +
        (names.length
          ? `${didYouMean(executor, names) || "."} There ${
            names.length === 1 ? "is" : "are"
          } ${listedFor(executor, names)}`
          : ", nor any other"),
    ),
  );
}
