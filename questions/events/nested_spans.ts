import { withShortStack } from "../../display/notebook/jupyter.ts";
import { spanSql as sql, Sql } from "../../sql/mod.ts";
import {
  checkOptions,
  isDatabase,
  whatIs,
} from "../../display/text/mistakes.ts";
import { inRun, ofRun } from "../runs/find_run.ts";
import { withKnownNames } from "./known_names.ts";
import nestedInCampaignText from "./nested_in_campaign.sql" with {
  type: "text",
};
import nestedSpansText from "./nested_spans.sql" with { type: "text" };
import ownSpansText from "./own_spans.sql" with { type: "text" };

/**
 * The spans that a question starts from: all spans of a type, or the ids from a
 * query such as sql`SELECT id FROM span WHERE ...`.
 */
export type Roots = string | Sql;

/**
 * Finds each root span and every span nested in it or equal to it, at any
 * depth: columns root_id and span_id, each pair once. A root is nested in
 * itself. Circles of nesting are followed once.
 *
 * A chain or a circle of spans of one type has about as many pairs as the square
 * of its length. Other questions, such as `eventsOf`, do not follow it: for them,
 * what is in another root of the same type belongs to that one alone.
 *
 * @param roots a span type, or a query of span ids
 * @param options.run only roots of this run: its label ("000"), its id, its
 * directory, or a unique part of these
 * @returns a query, to run or to put in parentheses in another query
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase, sql } from "dnpc/sql";
 * import { nestedSpans } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'ship', 'a'), (2, 'cabin', '12'), (3, 'ticket', '7');
 *   INSERT INTO subspan VALUES (1, 2, '12', NULL);
 *   INSERT INTO facet VALUES (3, 2, NULL)`);
 *
 * const rows = db.query(sql`
 *   SELECT type FROM (${nestedSpans("ship")}) JOIN span ON id = span_id
 *   ORDER BY id`);
 * assert.deepEqual(rows.map(({ type }) => type), ["ship", "cabin", "ticket"]);
 * ```
 */
export function nestedSpans(
  roots: Roots,
  options: { run?: string | undefined } = {},
): Sql {
  checkRoots("nestedSpans", roots);
  checkOptions("nestedSpans", options, { run: true });
  const ids = rootIds(roots, options.run);
  const nested = sql.either(
    sql.module(nestedSpansText, { roots: ids }),
    (campaign) =>
      sql.module(nestedInCampaignText, { roots: ids.inCampaign(campaign) }),
  );
  return ofRun(nested, options.run);
}

/**
 * Finds each root span and the spans that belong to it, as own_spans.sql
 * describes.
 */
export function ownSpans(roots: Roots): Sql {
  return sql.module(ownSpansText, { roots: rootIds(roots) });
}

/**
 * Returns a query of the ids of the root spans, in a column id, each once; of one
 * run, if it is named.
 */
export function rootIds(roots: Roots, run?: string): Sql {
  const ids = sql`SELECT id FROM span WHERE ${isRoot(roots)} AND ${inRun(run)}`;
  return typeof roots === "string"
    ? withKnownNames(ids, { types: [roots] })
    : ids;
}

/** Condition on the table span: it is one of the roots. */
export const isRoot = (roots: Roots): Sql =>
  typeof roots === "string"
    ? sql`span.type = ${roots}`
    : sql`span.id IN (${roots})`;

/** The roots of one run, if it is named. */
export const rootsOfRun = (roots: Roots, run: string | undefined): Roots =>
  run === undefined ? roots : rootIds(roots, run);

/** @throws {TypeError} for anything but roots, with what to write instead */
export function checkRoots(name: string, roots: unknown): void {
  if (typeof roots === "string" || roots instanceof Sql) return;
  throw withShortStack(
    new TypeError(
      isDatabase(roots)
        ? `${name}() makes a query and takes no database: write ` +
          `db.query(${name}("parsl.rundir.task"))`
        : `the roots of ${name}() are a type of span, such as ` +
          `"parsl.rundir.task", or a query of span ids, not ${whatIs(roots)}`,
    ),
  );
}

/** What the last part of a type calls its spans, where a plain noun does. */
const nouns: ReadonlySet<string> = new Set(
  ["task", "try", "block", "manager", "worker"],
);

/** A plain noun for one of the roots, if their type has one. */
export function nounOfRoots(roots: Roots): string | undefined {
  const type = (typeof roots === "string" ? roots : roots.noun) ?? "";
  const noun = type.slice(type.lastIndexOf(".") + 1);
  if (!nouns.has(noun)) return undefined;
  // A task has one for each of its tries.
  return noun === "task" && type.includes(".executor.")
    ? "executor task"
    : noun;
}

/** A query of which each row is about one of the roots, or a moment of one. */
export function aboutSpans(roots: Roots, query: Sql): Sql {
  const noun = nounOfRoots(roots);
  return noun === undefined ? query : sql.about(query, noun);
}
