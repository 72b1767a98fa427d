import { entityName, groupRoots } from "../../display/text/entities.js";
import {
  eventText,
  hasLine,
  latestOfLines,
  outcomeOf,
  storyRows,
} from "../../display/text/story.js";
import { storyListing } from "../../display/text/story_listing.js";
import { scopes } from "./identity.js";
import {
  entriesBySpan,
  lists,
  outermost,
  relations,
  workerOf,
} from "./relations.js";
import { gapsOfType, getOrInsert, usualGapOf } from "./usual_gaps.js";

/**
 * Tells stories of things from the rows of the page, in the words of `story` in
 * a terminal.
 */
export function storyTeller(rows) {
  const related = relations(rows);
  const entries = entriesBySpan(rows);
  const files = new Map(rows.sources.map(({ path, short }) => [path, short]));
  const gapsOfTypes = new Map();
  const gapsOf = (type) => {
    if (!gapsOfTypes.has(type)) {
      gapsOfTypes.set(type, gapsOfType(rows, related, entries, type));
    }
    return gapsOfTypes.get(type);
  };

  /** The entities that a thing names, usually one, each with its spans. */
  function entitiesOf({ kind, identity }) {
    const roots = outermost(related, spansNamed(rows, identity));
    const own = new Map(
      roots.map((root) => [root, related.own(root, new Set(roots))]),
    );
    const described = roots.map((id) => ({
      id,
      type: rows.spanType(id),
      attributes: rows.attributesOf(id),
      identity: JSON.parse(rows.spanIdentity(id) ?? "[]"),
    }));
    return groupRoots(described, held(own)).map((group) => {
      const ids = group.map(({ id }) => id);
      const spans = ids.length === 1
        ? own.get(ids[0]).spans
        : new Set(ids.flatMap((id) => [...own.get(id).spans]));
      return {
        ids,
        spans,
        type: rows.columns.spanType[ids[0]],
        name: entityName(group, scopes[kind]),
        run: identity.run ?? null,
        rows: rowsOf(ids, own),
      };
    });
  }

  /** Pairs of roots and the spans that belong to them. */
  function* held(own) {
    for (const [root_id, { spans, others }] of own) {
      for (const span_id of spans) yield { root_id, span_id };
      for (const span_id of others) yield { root_id, span_id };
    }
  }

  /** The rows of entities' spans, those without a time first. */
  function rowsOf(ids, own) {
    const found = new Set();
    for (const id of ids) {
      for (const entry of entries.of(own.get(id).spans, workerOf(rows, id))) {
        found.add(entries.row(entry));
      }
    }
    const sorted = Int32Array.from(found).sort();
    const isTimed = (row) => !Number.isNaN(rows.times[row]);
    return [
      ...sorted.filter((row) => !isTimed(row)),
      ...sorted.filter(isTimed),
    ];
  }

  /** A row as an event of a story. */
  function eventOf(row, spans) {
    const span = rows.spansOf(row).find((span) => spans.has(span));
    const [process, thread, , level] = rows.origin(row);
    const source = rows.source(row);
    const time = rows.times[row];
    const type = rows.spanType(span);
    const line = rows.line(row);
    return {
      event_id: row,
      time: Number.isNaN(time) ? null : time,
      component: rows.componentOf(span),
      event_type: rows.event(row),
      attributes: JSON.stringify(rows.attributes(row)),
      named: Number(rows.named(row)),
      span_type: type,
      span_attributes: JSON.stringify(rows.attributesOf(span)),
      role: rows.spanRole(span),
      identity: rows.spanIdentity(span),
      place: rows.named(row)
        ? rows.places.get(`${type} ${rows.event(row)}`) ?? null
        : null,
      thread,
      process,
      level,
      source_id: rows.columns.source[row],
      path: source?.path ?? null,
      line: line < 0 ? null : line,
      // A line starts at one byte: its number tells lines apart as well.
      offset: rows.hasOffset(row) ? line : null,
    };
  }

  /** The listing of a thing's story, and its entities. */
  function tell(thing, maxEntries, hint) {
    const entities = entitiesOf(thing);
    const told = entities.filter(({ rows }) => rows.length <= maxRows)
      .map((entity) => ({
        ...entity,
        events: onePerLine(
          entity.rows.map((row) => eventOf(row, entity.spans)),
        ),
      }))
      .sort((a, b) => startOf(a.events) - startOf(b.events));
    const written = told.flatMap(({ events }) => events).filter((event) =>
      event.offset !== null && hasLine(event, event.event_type)
    );
    const latest = new Set(latestOfLines(written));
    const events = storyRows(told.map((entity) => ({
      ...entity,
      texts: entity.events.map((event) =>
        eventText(
          event,
          latest.has(event) ? rows.message(event.event_id) : undefined,
        )
      ),
      usualGap: usualGapOf(gapsOf(entity.type), rows, entity),
    })));
    const facts = {
      outcomes: told.map(({ events }) => outcomeOf(events)),
      files,
    };
    const listing = storyListing(events, facts, maxEntries, hint);
    return { entities, told, listing };
  }

  const waits = lists(
    rows.spanCount,
    rows.columns.waitsA,
    rows.columns.waitsB,
  );
  const awaited = lists(
    rows.spanCount,
    rows.columns.waitsB,
    rows.columns.waitsA,
  );

  /** The tasks that spans lead to, in the order of their numbers. */
  function tasksFrom(spans, following) {
    const found = new Map();
    for (const span of spans) {
      for (const other of following(span)) {
        const { run, task } = rows.identityOf(other);
        if (task !== undefined) found.set(`${run} ${task}`, { run, task });
      }
    }
    return found.values().map((identity) => ({
      identity,
      isFailed: outcomeOfTask(identity)?.isFailure ?? false,
    })).toArray().sort((a, b) => a.identity.task - b.identity.task);
  }

  const outcomes = new Map();
  const outcomeOfTask = (identity) =>
    getOrInsert(outcomes, `${identity.run} ${identity.task}`, () => {
      const [entity] = entitiesOf({ kind: "task", identity });
      if (!entity || entity.rows.length > maxRows) return null;
      const events = onePerLine(
        entity.rows.map((row) => eventOf(row, entity.spans)),
      );
      return { ...outcomeOf(events), spans: entity.spans };
    });

  /** The task whose failure made a task fail, if another one did. */
  function causeOf(spans) {
    const known = new Set();
    let cause;
    for (let next = spans; next;) {
      const failed = tasksFrom(next, waits).find(({ identity, isFailed }) =>
        isFailed && !known.has(identity.task)
      );
      if (!failed) break;
      known.add(failed.identity.task);
      cause = failed;
      next = outcomeOfTask(failed.identity).spans;
    }
    return cause;
  }

  return {
    tell,
    causeOf,
    waitedFor: (spans) => tasksFrom(spans, waits),
    waitingFor: (spans) => tasksFrom(spans, awaited),
  };
}

/** A story of more rows is not told: the log has them. */
const maxRows = 20_000;

const startOf = (events) =>
  events.find(({ time }) => time !== null)?.time ?? Number.MAX_VALUE;

/** Leaves out further events of one type in one line of a log. */
function onePerLine(events) {
  const known = new Set();
  return events.filter(({ event_type, source_id, offset, event_id }) => {
    const key = offset === null
      ? event_id
      : `${source_id} ${offset} ${event_type}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** The spans whose own attributes have an identity. */
function spansNamed(rows, identity) {
  const wanted = Object.entries(identity).map((
    [name, value],
  ) => [name, rows.columns[`span_${name}`], rows.codeOf(value)]);
  const found = [];
  for (let span = 0; span < rows.spanCount; span++) {
    if (
      wanted.every(([name, column, code]) =>
        column[span] === code &&
        (rows.isOwn(span, name) ||
          name === "executor_task" && rows.spanRole(span) === "work")
      )
    ) found.push(span);
  }
  return found;
}
