// JavaScript, because the page of a report tells stories too.

import { counted, lastPart, phraseOf } from "./plain.js";
import { attributesIn, repeatedAccounts } from "./repeated_accounts.js";

/**
 * @import {
 *   EntityEvent, Outcome, StoryEvent, ToldEntity, UsualGap,
 * } from "./story_event.ts"
 */

/**
 * The rows of the stories of entities.
 *
 * @param {readonly ToldEntity[]} entities
 * @returns {StoryEvent[]}
 */
export const storyRows = (entities) =>
  entities.flatMap((entity, i) => rowsOfEntity(entity, i + 1));

function rowsOfEntity({ name, run, events, texts, usualGap }, number) {
  const times = events.map(({ time }) => time).filter((time) => time !== null);
  const gaps = events.map(({ time }, i) =>
    secondsBetween(events[i - 1]?.time, time)
  );
  const largest = gaps.indexOf(
    gaps.reduce((a, b) => a === null || b !== null && b > a ? b : a, null),
  );
  const seconds = secondsBetween(times[0], times.at(-1)) ?? 0;
  const repeats = repeatedAccounts(events);
  return events.map((event, i) => {
    const { time, event_id, component, event_type, named } = event;
    const attributes = attributesIn(event.attributes);
    const gap = gaps[i];
    const usual = i > 0
      ? usualGap(events[i - 1], event)
      : { usual_gap: null, others: 0 };
    return {
      entity: number,
      about: name,
      run,
      time,
      since_start: secondsBetween(times[0], time),
      gap,
      ...usual,
      largest: Number(i === largest && gap !== null),
      odd: Number(isOdd(gap, usual, seconds)),
      who: authorOf(event),
      level: event.level,
      text: texts[i],
      exception: exceptionTextOf(attributes),
      more: wholeLines(attributes),
      repeats: repeats.get(event_id) ?? null,
      component,
      event_type,
      named,
      span_type: event.span_type,
      path: event.path,
      line: event.line,
      table: typeof attributes.table === "string" ? attributes.table : null,
      event_id,
    };
  });
}

/**
 * The seconds from one time to another; null if one of them is unknown.
 *
 * @param {number | null | undefined} from
 * @param {number | null | undefined} to
 * @returns {number | null}
 */
export const secondsBetween = (from, to) =>
  from == null || to == null ? null : to - from;

/**
 * "ValueError: disk full"; null if the attributes name no exception.
 *
 * @param {Record<string, unknown>} attributes
 * @returns {string | null}
 */
export const exceptionTextOf = ({ exception, exception_message }) =>
  [exception, exception_message]
    .filter((text) => typeof text === "string").join(": ") || null;

function wholeLines({ more, more_cut }) {
  if (typeof more !== "string") return null;
  const cut = Number(more_cut ?? 0);
  return cut > 0 ? `${more}\n(${counted(cut, "line")} left out)` : more;
}

/** Fewer gaps of others do not tell what is usual. */
const minOthers = 3;
const oddRatio = 3;
const oddShare = 0.01;
/** Logs have milliseconds. */
const minOdd = 0.002;

function isOdd(gap, { usual_gap, others }, seconds) {
  if (gap === null || usual_gap === null || others < minOthers) return false;
  return gap >= oddRatio * usual_gap &&
    gap - usual_gap >= Math.max(minOdd, oddShare * seconds);
}

/**
 * Whether the line of an event says more than the database.
 *
 * @param {{ named: number, attributes: string | null }} event
 * @param {string} type
 * @returns {boolean}
 */
export const hasLine = ({ named, attributes }, type) =>
  // The importer cuts long messages.
  named === 1 || type.endsWith("…") || (attributes?.includes("…") ?? false);

/**
 * The last event of each line: one that says when several things happened is
 * written after all of them.
 *
 * @template {Pick<EntityEvent, "source_id" | "offset" | "time">} Event
 * @param {readonly Event[]} events
 * @returns {Event[]}
 */
export function latestOfLines(events) {
  const latest = new Map();
  for (const event of events) {
    const key = `${event.source_id} ${event.offset}`;
    const known = latest.get(key);
    const isLater = (event.time ?? -Infinity) > (known?.time ?? -Infinity);
    if (!known || isLater) latest.set(key, event);
  }
  return [...latest.values()];
}

/**
 * What an event says: its line without the prefix, if that is known and says
 * more than the lines that continue the event's; otherwise the template with its
 * values, or the name of the event in words.
 *
 * @param {EntityEvent} event
 * @param {string | undefined} message
 * @returns {string}
 */
export function eventText(event, message) {
  const attributes = attributesIn(event.attributes);
  // The event of an output has all its last lines in `more`.
  const { more, values } = attributes;
  const isIn = typeof more === "string" && more.split("\n").includes(message);
  if (message && !isIn) return message;
  return event.named
    ? phraseOf(
      event.event_type,
      attributes,
      attributesIn(event.span_attributes),
      JSON.parse(event.identity ?? "[]"),
    )
    : filled(event.event_type, values);
}

function filled(template, values) {
  if (!Array.isArray(values)) return template;
  let next = 0;
  return template.replace(
    /%s/g,
    (mask) => next < values.length ? String(values[next++]) : mask,
  );
}

/**
 * How a task ended, by the last of its events that moves it. Anything else has a
 * number of events.
 *
 * @param {readonly EntityEvent[]} events
 * @returns {Outcome}
 */
export function outcomeOf(events) {
  const moves = events.filter(({ place, time }) =>
    place !== null && time !== null
  );
  const of = (...roles) =>
    moves.filter(({ role }) => role !== null && roles.includes(role));
  const isTask = events.every(({ role }) =>
    role === null || ["task", "try", "work"].includes(role)
  );
  const last = of("task", "try").at(-1) ?? of("work").at(-1);
  const start = events.find(({ time }) => time !== null)?.time ?? 0;
  const end = events.findLast(({ time }) => time !== null)?.time ?? start;
  if (!isTask || !last) {
    const raised = events.map(({ attributes }) =>
      exceptionTextOf(attributesIn(attributes))
    ).findLast((exception) => exception !== null);
    const number = counted(events.length, "event");
    return {
      text: `${number} in ${exactSeconds(end - start)}` +
        (raised === undefined ? "." : `; the last exception: ${raised}`),
      isFailure: raised !== undefined,
    };
  }
  const took = exactSeconds(last.time - start);
  const attributes = attributesIn(last.span_attributes);
  const tries = new Set(
    of("try").map((event) => attributesIn(event.span_attributes).try),
  ).size;
  const after = `after ${took}` + (tries > 1 ? `, in ${tries} tries` : "");
  if (last.place === "failed" || last.place === "to be tried again") {
    const raised = exceptionTextOf(attributes) ?? "";
    const cause = last.event_type === "dep_fail"
      ? `because another task did${raised && ` (${raised})`}`
      : raised;
    return {
      text: `Failed ${after}${cause && `: ${cause}`}`,
      isFailure: true,
    };
  }
  if (
    last.place === "done" || last.place === "returning" && !of("try").length
  ) {
    const memo = last.event_type === "memo_done" ? ", from the memo table" : "";
    return { text: `Done ${after}${memo}.`, isFailure: false };
  }
  return {
    text: `Did not end: after ${took} it was ${last.place}.`,
    isFailure: true,
  };
}

/**
 * Who wrote a line: thread@process, without numbers of threads.
 *
 * @param {Pick<EntityEvent, "thread" | "process" | "component" | "path">} event
 * @returns {string}
 */
export function authorOf({ thread, process, component, path }) {
  const name = thread?.replace(/-\d{6,}(?=-|$)/g, "") ??
    componentIn(component, path);
  return process === null ? name : `${name}@${process}`;
}

/**
 * A component in plain words, by the last part of its name.
 *
 * @param {string} component
 * @param {string | null} path
 * @returns {string}
 */
export function componentIn(component, path) {
  const word = component.split(".").at(-1);
  // The logs of an executor are of its interchange, managers and workers.
  if (word === "htex" && path !== null) return lastPart(path);
  return componentWords[word] ?? word.replaceAll("_", " ");
}

const componentWords = {
  rundir: "Parsl",
  parsl: "Parsl",
  tracing: "Parsl's tracing",
  htex: "HTEX",
  submit: "Parsl",
};

/**
 * Down to the tenth of a millisecond: "123 s", "21.1 s", "0.193 s", "0.0001 s".
 *
 * @param {number} value
 * @returns {string}
 */
export function exactSeconds(value) {
  const size = Math.abs(value);
  if (size >= 1) {
    const decimals = withDecimals[size < 10 ? 2 : size < 100 ? 1 : 0];
    return `${decimals.format(Number(value.toPrecision(3)))} s`;
  }
  return `${value.toFixed(size >= 0.0005 ? 3 : 4)} s`;
}

// Making one takes a hundred times longer than its use.
const withDecimals = [0, 1, 2].map((minimumFractionDigits) =>
  new Intl.NumberFormat("en-US", { minimumFractionDigits })
);
