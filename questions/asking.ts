import { checkDatabase, isDatabase } from "../display/text/mistakes.ts";
import type { Database, Row, Sql } from "../sql/mod.ts";
import type { AsyncQueryable } from "./events/sequences_in_campaign.ts";

/**
 * Queries one after the other, each of which may depend on the rows of those
 * before: written once, for a database, which answers at once, and for a campaign,
 * which answers later.
 */
export type Asking<T> = Generator<Sql, T, Row[]>;

/** The rows of a query, inside an {@linkcode Asking}: `yield* rowsOf(query)`. */
export function* rowsOf<T extends object = Row>(query: Sql): Asking<T[]> {
  return (yield query) as T[];
}

/** The result of queries to a database. */
export function askNow<T>(db: Database, asking: Asking<T>): T {
  let next = asking.next();
  while (!next.done) next = asking.next(db.query(next.value));
  return next.value;
}

/** The result of queries to a database or a campaign. */
export async function ask<T>(
  data: Database | AsyncQueryable,
  asking: Asking<T>,
): Promise<T> {
  if (!answersLater(data)) return askNow(data, asking);
  let next = asking.next();
  while (!next.done) next = asking.next(await data.query(next.value));
  return next.value;
}

/**
 * The result of queries to a database at once, or to a campaign later.
 *
 * @param name of the question, for an error about other data
 */
export function askEither<T>(
  name: string,
  data: Database | AsyncQueryable,
  asking: Asking<T>,
): T | Promise<T> {
  if (answersLater(data)) return ask(data, asking);
  checkDatabase(name, data);
  return askNow(data, asking);
}

/** Whether it answers later, as a campaign does. */
export const answersLater = (
  data: Database | AsyncQueryable,
): data is AsyncQueryable =>
  typeof data === "object" && data !== null && "query" in data &&
  !isDatabase(data);
