import { type Database, type Sql, sql } from "dnpc/sql";
import type { Given, Option } from "./command.ts";
import { nearest } from "../display/text/nearest.ts";
import { say } from "./output/say.ts";
import { pairs } from "./pairs.ts";
import { visible } from "../display/text/untrusted.ts";

/** Which spans of a type a question is about. */
export const rootOptions: Readonly<Record<string, Option>> = {
  where: {
    value: "NAME=VALUE",
    many: true,
    says: "Only spans with this attribute: run=8b02..., executor=htex, app=top",
  },
};

/** What more of the spans is shown. */
export const showOption: Readonly<Record<string, Option>> = {
  show: {
    value: "NAME",
    many: true,
    says: "A column more: this attribute of the span",
  },
};

/** The spans of a type that have all the attributes that are asked for. */
export const rootsOf = (given: Given, type: string): Sql =>
  sql`SELECT id FROM span WHERE type = ${type} AND ${attributesAsked(given)}`;

/** Whether a span has all the attributes that are asked for. */
export const attributesAsked = (given: Given): Sql =>
  sql.join([
    sql`1`,
    ...pairs("where", given.values("where")).map(([name, value]) =>
      sql`CAST(${attribute(name)} AS TEXT) = ${value}`
    ),
  ], " AND ");

/** Columns more, each behind a comma: the attributes that are to be shown. */
export const attributesShown = (given: Given): Sql =>
  sql.join(
    given.values("show").map((name) =>
      sql`, ${attribute(name)} AS ${sql.id(name)}`
    ),
    "",
  );

/** An attribute of a span by its name, whatever characters are in it. */
const attribute = (name: string): Sql =>
  sql`span.attributes ->> ${`$.${JSON.stringify(name)}`}`;

/** What is named "type/event" in words that were typed. */
export function eventNamed(text: string): { span: string; event?: string } {
  const [span = "", ...event] = text.split("/");
  return event.length ? { span, event: event.join("/") } : { span };
}

/**
 * Says why there may be no rows: what was named is not in the data.
 *
 * @param names the type of the root spans first
 */
export function explainNothing(
  given: Given,
  db: Database,
  names: readonly { span: string; event?: string }[],
): void {
  const [root] = names;
  if (given.has("where") && root && !db.query(rootsOf(given, root.span))[0]) {
    say(`no ${root.span} has ${given.values("where").join(" and ")}`);
  }
  for (const { span, event } of names) {
    const types = db.query<{ type: string }>(
      "SELECT DISTINCT type FROM span",
    ).map(({ type }) => type);
    if (!types.includes(span)) {
      say(`there are no spans of the type ${span}${hint(span, types)}`);
      continue;
    }
    if (event === undefined) continue;
    const events = db.query<{ type: string }>(
      sql`SELECT DISTINCT event.type FROM event JOIN span ON span.id = span_id
        WHERE span.type = ${span}`,
    ).map(({ type }) => type);
    if (!events.includes(event)) {
      say(`${span} has no events ${event}${hint(event, events)}`);
    }
  }
}

function hint(given: string, names: readonly string[]): string {
  const meant = nearest(given, names);
  if (meant !== undefined) return `. Did you mean ${visible(meant)}?`;
  const some = names.slice(0, 12).map((name) => visible(name)).join(", ");
  const more = names.length > 12 ? `, and ${names.length - 12} more` : "";
  return some === "" ? "" : `. There are ${some}${more}`;
}
