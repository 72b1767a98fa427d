import type { Database } from "../../sql/mod.ts";
import { formats } from "../formats/list.ts";

/**
 * Writes the formats' metadata about logs, spans and events to `log_kind`,
 * `span_kind` and `event_kind`, where questions read it. Replaces the rows of an
 * earlier version of the formats.
 */
export function writeKinds(db: Database): void {
  const logs = formats.flatMap(({ name, files, database }) =>
    [...files, ...database ? [database] : []].flatMap(({ importer, purpose }) =>
      purpose ? [{ importer, format: name, ...purpose }] : []
    )
  );
  db.run(
    `INSERT OR REPLACE INTO log_kind (importer, format, log, facts)
     SELECT value ->> 'importer', value ->> 'format', value ->> 'log',
       value ->> 'facts'
     FROM json_each(?)`,
    [JSON.stringify(logs)],
  );
  const types = formats.flatMap(({ name, executorClass, spanTypes }) =>
    spanTypes.map((type) => ({ ...type, format: name, executorClass }))
  );
  const steps = formats.flatMap(({ steps = [] }) => steps);
  db.run(
    `INSERT OR REPLACE INTO span_kind
       (type, format, role, preference, executor_class, own_log, identity,
        doc)
     SELECT value ->> 'type', value ->> 'format', value ->> 'role',
       value ->> 'preference', value ->> 'executorClass',
       value ->> 'ownLog', value -> 'identity', value ->> 'doc'
     FROM json_each(?)`,
    [JSON.stringify(types)],
  );
  const events = types.flatMap(({ type, states = [], events = [] }) =>
    [
      ...states.map((state, i) => ({ ...state, type, rank: i + 1 })),
      ...events.map((event) => ({ ...event, type })),
    ].map((kind) => {
      const step = steps.indexOf(`${kind.type}/${kind.event}`);
      return step < 0 ? kind : { ...kind, step };
    })
  );
  db.run(
    `INSERT OR REPLACE INTO event_kind
       (span_type, event_type, rank, final, place, place_rank, work, step,
        doc)
     SELECT value ->> 'type', value ->> 'event', value ->> 'rank',
       ifnull(value ->> 'isFinal', 0), value ->> '$.place[0]',
       value ->> '$.place[1]', value ->> 'work', value ->> 'step', value ->> 'doc'
     FROM json_each(?)`,
    [JSON.stringify(events)],
  );
}
