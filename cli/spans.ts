import {
  eventName,
  type EventsOfOptions,
  inRun,
  type NamedEvent,
  type Roots,
} from "dnpc/questions";
import { jsonPath, type Sql, sql } from "dnpc/sql";
import { didYouMean } from "../display/text/nearest.ts";
import { visible } from "../display/text/untrusted.ts";
import type { Given } from "./arguments.ts";
import type { Asked } from "./data.ts";
import { DataError, UsageError } from "./errors.ts";

export const runOption =
  `--run RUN  Only this run: its label (000), its id, its directory, or a unique
    part of these`;

/** Chooses spans. */
export const whereOption = `${runOption}
  --where NAME=VALUE ...  Only spans with this attribute: executor=htex, app=top`;

export const showOption =
  `--show NAME ...  Add a column with this attribute of the span`;

export const componentOption =
  `--component NAME ...  Only events from this component: parsl.rundir`;

/** Options that choose events. */
export const eventOptions = `${componentOption}
  --span-type TYPE ...  Only events of spans of this type
  --event TYPE ...  Only events of this type: a name, or a message's template
  --all  Include messages without a name`;

/** The chosen events, as questions take them. */
export const eventsAsked = (
  given: Given,
): EventsOfOptions & { events: "named" | "all" } => ({
  events: given.has("all") || given.has("event") ? "all" : "named",
  components: given.get("component"),
  spanTypes: given.get("span-type"),
  eventTypes: given.get("event"),
});

/** The spans of a type that --where chooses, of any run. */
export const rootsOf = (given: Given, type: string): Roots =>
  given.has("where") ? idsOf(given, type) : type;

const idsOf = (given: Given, type: string): Sql =>
  sql.about(
    sql`SELECT id FROM span WHERE type = ${type} AND ${attributesAsked(given)}`,
    type,
  );

/** Condition on the table span: it is of --run, and as --where says. */
export const attributesAsked = (given: Given): Sql =>
  sql.join([
    inRun(given.value("run")),
    ...given.pairs("where").map(([name, value]) =>
      name === "run"
        ? inRun(value)
        : sql`CAST(${attributeValue(name)} AS TEXT) = ${value}`
    ),
  ], " AND ");

/** The columns of --show, each after a comma. */
export const attributesShown = (given: Given): Sql =>
  sql.join(
    given.all("show").map((name) =>
      sql`, ${attributeValue(name)} AS ${sql.id(name)}`
    ),
    "",
  );

const attributeValue = (name: string): Sql =>
  sql`span.attributes ->> ${jsonPath(name)}`;

/**
 * Explains an empty answer by the names that are not in the data.
 *
 * @param names the type of the root spans first
 */
export async function refuseUnknown(
  given: Given,
  data: Asked,
  names: readonly { span: string; event?: string }[],
): Promise<void> {
  const root = names[0]!.span;
  const found = sql`SELECT * FROM (${idsOf(given, root)}) LIMIT 1`;
  if (given.has("where") && (await data.query(found)).length === 0) {
    throw new DataError(
      `no ${root} has ${given.all("where").join(" and ")}`,
    );
  }
  const types = await namesIn(
    data,
    sql`SELECT DISTINCT type AS name FROM span ORDER BY name`,
  );
  for (const { span, event } of names) {
    if (!types.includes(span)) {
      throw new DataError(
        `there are no spans of the type ${span}${nameHint(span, types)}`,
      );
    }
    const events = await namesIn(
      data,
      sql`SELECT DISTINCT event.type AS name
        FROM event JOIN span ON span.id = span_id WHERE span.type = ${span} ORDER BY name`,
    );
    if (event !== undefined && !events.includes(event)) {
      throw new DataError(
        `${span} has no events ${event}${nameHint(event, events)}`,
      );
    }
  }
}

/** The values of the column name. */
const namesIn = async (data: Asked, query: Sql): Promise<string[]> =>
  (await data.query<{ name: string }>(query)).map(({ name }) => name);

/** The nearest of some names, or the first. */
function nameHint(given: string, names: readonly string[]): string {
  const meant = didYouMean(given, names);
  if (meant || names.length === 0) return meant;
  const some = names.slice(0, 12).map(visible).join(", ");
  const more = names.length > 12 ? `, and ${names.length - 12} more` : "";
  return `. There are ${some}${more}`;
}

/** Choose two events, between which durations are measured. */
export const fromToOptions =
  `--from TYPE/EVENT  Measure from this event: parsl.rundir.try/launched
  --to TYPE/EVENT  To this event`;

/**
 * The two events of --from and --to, or none.
 *
 * @throws {UsageError} if there is one
 */
export function eventsFromTo(
  given: Given,
): { from?: NamedEvent; to?: NamedEvent } {
  const [from, to] = [given.value("from"), given.value("to")];
  if (from === undefined && to === undefined) return {};
  if (from !== undefined && to !== undefined) {
    return { from: eventAsked(from), to: eventAsked(to) };
  }
  throw new UsageError("--from and --to belong together");
}

/** @throws {UsageError} if the text names no event */
export function eventAsked(name: string): NamedEvent {
  if (/^[^/]+\/./.test(name)) return eventName(name);
  throw new UsageError(
    `an event is named TYPE/EVENT, as in parsl.rundir.try/launched; ` +
      `"${name}" is not`,
  );
}
