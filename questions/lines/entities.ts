import { entityName, groupRoots } from "../../display/text/entities.js";
import { count } from "../../display/text/format.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import { visible } from "../../display/text/untrusted.ts";
import { type Database, jsonPath, spanSql as sql, Sql } from "../../sql/mod.ts";
import { ownSpans } from "../events/nested_spans.ts";
import { findRun, isOfRun, runLabels } from "../runs/find_run.ts";
import entitiesText from "./entities.sql" with { type: "text" };

/**
 * The entity of a story: attributes and their values, as text or number; or a
 * query of span ids.
 */
export type StoryOf = Readonly<Record<string, string | number>> | Sql;

/** An entity, by the spans that hold everything about it. */
export interface Entity {
  /** Spans that describe it, none nested in another. */
  ids: number[];
  /** The type of the first of them. */
  type: string;
  /** What a person calls it: "task 79, app bottom". */
  name: string;
  /** The label of the run it belongs to; if it has none, its id or directory. */
  run: string | null;
}

/**
 * Finds the entities that have all the attributes. Spans belong to one entity if
 * they are nested in each other or equal. Spans of different types also do if
 * they have a nested or equal span in common, or the same values of all the
 * attributes that all of them have.
 */
export function findEntities(
  db: Database,
  what: StoryOf,
  run?: string,
): Entity[] {
  const inRun = run === undefined ? sql`1` : isOfRun(findRun(db, run));
  const matched = what instanceof Sql
    ? sql`SELECT id FROM span WHERE id IN (${what}) AND ${inRun}`
    : spansHaving(db, Object.entries(what), run);
  type RootRow = Record<"type" | "attributes" | "identity", string> & {
    id: number;
  };
  const roots = db.query<RootRow>(sql`
    SELECT outermost.*, ifnull(identity, '[]') AS identity
    FROM (${sql.module(entitiesText, { matched })}) AS outermost
      LEFT JOIN span_kind USING (type)
    ORDER BY id`)
    .map((root) => ({
      ...root,
      attributes: JSON.parse(root.attributes),
      identity: JSON.parse(root.identity),
    }));
  const labels = runLabels(db);
  const ids = JSON.stringify(roots.map(({ id }) => id));
  // Rows that nobody reads would keep the database locked.
  const held = roots.length < 2
    ? []
    : db.iterate<{ root_id: number; span_id: number }>(
      ownSpans(sql`SELECT value FROM json_each(${ids})`),
    );
  const asked = what instanceof Sql ? [] : Object.keys(what);
  return groupRoots(roots, held)
    .map((roots) => ({
      ids: roots.map(({ id }) => id),
      type: roots[0]!.type,
      name: entityName(roots, asked),
      run:
        ["run", "rundir"].flatMap((name) =>
          roots.map(({ attributes }) => attributes[name] ?? null)
        ).filter((run) => run !== null).map(String)
          .map((run) => labels.get(run) ?? run)[0] ?? null,
    }));
}

const wordsOf = (name: string): string => name.replaceAll("_", " ");

/**
 * The spans with all the attributes.
 *
 * @throws {RangeError} for a name or a value that no span has, with those that
 * there are
 */
function spansHaving(
  db: Database,
  attributes: [string, string | number][],
  run?: string,
): Sql {
  const wanted: typeof attributes = run === undefined
    ? attributes
    : [...attributes, ["run", run]];
  if (attributes.length === 0) {
    throw new TypeError('name an attribute of what you mean: { task: "358" }');
  }
  for (const [name] of attributes) checkName(db, name);
  const conditions = wanted.map(([name, value]) => {
    const isEqual = sql`CAST(attributes ->> ${jsonPath(name)} AS TEXT) = ${
      String(value)
    }`;
    const isId = () =>
      db.query(sql`SELECT 1 FROM span WHERE ${isEqual} LIMIT 1`).length > 0;
    return name === "run" && (run !== undefined || !isId())
      ? isOfRun(findRun(db, String(value)))
      : isEqual;
  });
  const all = sql`SELECT id FROM span WHERE ${sql.join(conditions, " AND ")}`;
  if (db.query(sql`${all} LIMIT 1`).length > 0) return all;
  wanted.forEach(([name, value], i) => {
    if (name === "run") return;
    const others = conditions.filter((_, j) => j !== i);
    checkValue(db, name, String(value), others, namesOfOthers(wanted, i));
  });
  return all;
}

const namesOfOthers = (
  wanted: readonly [string, string | number][],
  index: number,
): string =>
  wanted.filter((_, i) => i !== index)
    .map(([name, value]) => `${wordsOf(name)} ${value}`).join(", ");

/** @throws {RangeError} with the values that there are, if there are others */
function checkValue(
  db: Database,
  name: string,
  value: string,
  others: readonly Sql[],
  where: string,
): void {
  const path = jsonPath(name);
  const values = db.query<{ value: string }>(sql`
    SELECT DISTINCT CAST(attributes ->> ${path} AS TEXT) AS value FROM span
    WHERE ${
    sql.join([sql`attributes ->> ${path} IS NOT NULL`, ...others], " AND ")
  }
    LIMIT ${maxValues}`).map(({ value }) => value);
  if (values.length === 0 || values.includes(value)) return;
  const what = wordsOf(name);
  throw new RangeError(
    `there is no ${what} "${value}"${where && ` in ${where}`}: ` +
      `${values.length === 1 ? "there is" : "there are"} ${listOf(values)}` +
      hintOf(value, values),
  );
}

const maxValues = 1_000_000;
const maxListed = 10;

/** "197, from 0 to 196", or the first of the names. */
function listOf(values: readonly string[]): string {
  const numbers = values.map(Number).sort((a, b) => a - b);
  if (values.length > 2 && values.every((text) => /^\d{1,15}$/.test(text))) {
    return `${count(values.length)}, from ${numbers[0]} to ${numbers.at(-1)}`;
  }
  const shown = values.toSorted().slice(0, maxListed).map(visible).join(", ");
  const more = values.length - maxListed;
  return shown + (more > 0 ? ` and ${count(more)} more` : "");
}

function hintOf(value: string, values: readonly string[]): string {
  if (/^\d+$/.test(value.trim())) {
    const number = value.trim().replace(/^0+(?=\d)/, "");
    return values.includes(number) ? `. Did you mean ${number}?` : "";
  }
  // Measuring the distance to each of very many names would take seconds.
  return values.length > 10_000 ? "" : didYouMean(value, values);
}

// Otherwise a misspelt name would be an entity without any events.
function checkName(db: Database, name: string): void {
  const isKnown = sql`SELECT 1 FROM span
    WHERE json_type(attributes, ${jsonPath(name)}) IS NOT NULL LIMIT 1`;
  if (db.query(isKnown).length > 0) return;
  const names = db.query<{ name: string }>(
    `SELECT DISTINCT attribute.key AS name
     FROM span CROSS JOIN json_each(span.attributes) AS attribute ORDER BY name`,
  ).map(({ name }) => name);
  if (names.length === 0) return;
  throw new RangeError(
    `no span has the attribute ${JSON.stringify(name)}: ` +
      `there are ${names.join(", ")}`,
  );
}
