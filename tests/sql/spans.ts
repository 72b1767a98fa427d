import { createSchema, type Database, insertRows } from "dnpc/sql";
import { writeKinds } from "../../importers/store/write_kinds.ts";

/** A span with its events as [time, type]. */
export interface TestSpan {
  id?: number;
  type: string;
  attributes?: Record<string, unknown>;
  events?: readonly (readonly [time: number | null, type: string])[];
}

/** Writes spans; ids default to 1, 2, ... in order. */
export function addSpans(db: Database, spans: readonly TestSpan[]): void {
  createSchema(db);
  const numbered = spans.map((span, i) => ({ id: i + 1, ...span }));
  insertRows(
    db,
    "span",
    ["id", "type", "key", "attributes"],
    numbered.map(({ id, type, attributes = {} }) => [
      id,
      type,
      String(id),
      JSON.stringify(attributes),
    ]),
  );
  insertRows(
    db,
    "event",
    ["span_id", "time", "type"],
    numbered.flatMap(({ id, events = [] }) =>
      events.map(([time, type]) => [id, time, type])
    ),
  );
}

/** Writes spans and the log formats' metadata about spans and events. */
export function addKnownSpans(db: Database, spans: readonly TestSpan[]): void {
  addSpans(db, spans);
  writeKinds(db);
}

/** The times at which a letter was sent and came. */
export interface Letter {
  sent: (number | null)[];
  came: (number | null)[];
  land?: string;
}

/** Writes letters, each with a nested post office that has its own events. */
export function sendLetters(db: Database, letters: readonly Letter[]): void {
  addSpans(
    db,
    letters.flatMap(({ sent, came, land }) => [
      {
        type: "letter",
        attributes: { land },
        events: sent.map((time) => [time, "sent"] as const),
      },
      { type: "post", events: came.map((time) => [time, "came"] as const) },
    ]),
  );
  db.exec(`INSERT INTO subspan
    SELECT id, id + 1, NULL, NULL FROM span WHERE type = 'letter'`);
}

/** The first and the last event of a letter. */
export const fromSentToCame = { from: "letter/sent", to: "post/came" };

/** Edges of subspan and facet, as "1 > 2 (key)" and "1 = 2". */
export function edges(db: Database): string[] {
  const rows = db.query<{ edge: string }>(`
    SELECT superspan_id || ' > ' || subspan_id ||
      ifnull(' (' || key || ')', '') AS edge
    FROM subspan
    UNION ALL SELECT left_id || ' = ' || right_id FROM facet ORDER BY edge`);
  return rows.map(({ edge }) => edge);
}
