// JavaScript, because the page of a report shows stories too.

import { count, counted, lastPart, moment } from "./plain.js";
import { componentIn, exactSeconds } from "./story.js";

/**
 * @import { Listing } from "./listing.ts"
 * @import { StoryEvent, StoryFacts } from "./story_event.ts"
 */

/** Levels that a reader should see. */
const alarmingLevels = new Set(["WARNING", "ERROR", "CRITICAL", "FATAL"]);

/**
 * Rows of a story as text to read; undefined for rows of another shape.
 *
 * @param {readonly Partial<StoryEvent>[]} rows
 * @param {StoryFacts} facts
 * @param {number} max
 * @param {string} [hint] where the entries are that are left out
 * @returns {Listing | undefined}
 */
export function storyListing(
  rows,
  { outcomes, files },
  max,
  hint = "; slice() and filter() show them",
) {
  if (!rows.every(isStoryEvent)) return undefined;
  if (rows.length === 0) return { sections: [], caption: "No events." };
  const { told, shown } = withoutRepeats(rows);
  const entities = [...Map.groupBy(shown, ({ row }) => row.entity)];
  const budget = Math.max(10, Math.floor(max / entities.length));
  const some = someOf(entities, maxEntities);
  const sections = [...some.first, ...some.last].map(([entity, entries]) => {
    const [{ row }] = entries;
    const { first, last, leftOut } = someOf(entries, budget);
    const outcome = outcomes[entity - 1];
    const days = new Set(shownDays(entries));
    const [day] = days;
    const entryOf = (event, i, all) =>
      storyEntry(event, told, files, days.size > 1 ? all[i - 1] : event);
    return {
      heading: [
        // A directory that is no run of Parsl has no label.
        row.run === null
          ? []
          : `Run ${row.run.startsWith("/") ? lastPart(row.run) : row.run}`,
        row.about || [],
      ]
        .flat().join(", "),
      lines: [
        ...outcome ? [outcome.text] : [],
        ...day === undefined
          ? []
          : [days.size > 1 ? "Times in UTC" : `${day}, times in UTC`],
      ],
      isAlarming: outcome?.isFailure ?? false,
      entries: [
        ...first.map(entryOf),
        ...leftOut === undefined ? [] : [{
          cells: ["", ""],
          text: leftOut + hint,
        }],
        ...last.map(entryOf),
      ],
    };
  });
  return {
    sections,
    caption: some.leftOut && `${some.leftOut} like these`,
  };
}

/** A notebook can show no more. */
const maxEntities = 50;

/**
 * The first and last of many entries, and how many are left out.
 *
 * @template T
 * @param {readonly T[]} entries
 * @param {number} max
 * @returns {{ first: readonly T[]; last: readonly T[]; leftOut: string | undefined }}
 */
function someOf(entries, max) {
  const leftOut = entries.length - max;
  if (leftOut <= 1) return { first: entries, last: [], leftOut: undefined };
  const end = Math.floor(max / 4);
  return {
    first: entries.slice(0, max - end),
    last: entries.slice(entries.length - end),
    leftOut: `⋮ ${count(leftOut)} more`,
  };
}

const isStoryEvent = (row) =>
  typeof row?.text === "string" && typeof row.entity === "number" &&
  row.time !== undefined && row.event_id !== undefined;

/**
 * Leaves out the accounts that repeat another one of the rows. Those shown have
 * the time since the one above them.
 */
function withoutRepeats(rows) {
  const ids = new Set(rows.map(({ event_id }) => event_id));
  const told = new Map();
  const shown = [];
  // The gap before a repeated account is a part of the next one's.
  let gap = 0;
  let usual = 0;
  const plus = (a, b) => a === null || b === null ? null : a + b;
  for (const row of rows) {
    const { repeats } = row;
    gap = row.gap === null ? null : plus(gap ?? 0, row.gap);
    usual = row.gap === null ? null : plus(usual, row.usual_gap);
    if (repeats !== null && ids.has(repeats)) {
      if (!told.has(repeats)) told.set(repeats, []);
      told.get(repeats).push(row);
      continue;
    }
    shown.push({ row, gap, usual });
    [gap, usual] = [0, 0];
  }
  return { told, shown };
}

function storyEntry({ row, gap, usual }, told, files, before) {
  const { time, path, more, exception, level, odd, largest } = row;
  const usually = usual === null || row.others === 0
    ? undefined
    : `usually ${shortSeconds(usual)}`;
  const largestGap = largest ? "the longest gap" : undefined;
  const note = odd || largest
    ? [largestGap, usually].filter(Boolean).join("; ")
    : "";
  const clock = time === null ? "" : clockOf(time);
  const day = time === null ? "" : dayOf(time);
  const isNewDay = before === undefined ||
    (before.row.time !== null && dayOf(before.row.time) !== day);
  return {
    cells: [
      isNewDay && time !== null ? `${day} ${clock}` : clock,
      gap === null || gap < 0.00005 ? "" : `+${exactSeconds(gap)}`,
    ],
    title: time === null ? undefined : `Unix time ${time}`,
    note: note && `◂ ${note}`,
    lead: row.who + (alarmingLevels.has(level) ? ` ${level}` : ""),
    text: row.text,
    place: [
      ...path === null ? [] : [placeOf(row, files)],
      ...alsoOf(row, told.get(row.event_id) ?? []),
    ].join("; "),
    path: path ?? undefined,
    more: more === null ? undefined : {
      text: more,
      summary: `${exception ?? "Continued"} (${
        counted(more.split("\n").length, "more line")
      })`,
    },
    isMarked: odd === 1,
    key: row.event_id,
  };
}

/** "parsl.log:120"; "monitoring.db, row 699 of status". */
function placeOf({ path, line, table }, files) {
  const name = files.get(path ?? "") ?? lastPart(path ?? "");
  if (line === null) return name;
  return table === null
    ? `${name}:${line}`
    : `${name}, row ${line} of ${table}`;
}

/** "also monitoring, 12 ms later". */
function alsoOf(row, others) {
  const names = others.filter(({ path, line, component }) =>
    component !== row.component && !(path === row.path && line === row.line)
  ).map(({ component, path, time }) => {
    const apart = time === null || row.time === null ? 0 : time - row.time;
    return componentIn(component, path) +
      (Math.abs(apart) < 0.01
        ? ""
        : `, ${exactSeconds(Math.abs(apart))} ${
          apart < 0 ? "earlier" : "later"
        }`);
  });
  return names.length > 0 ? [`also ${names.join(", ")}`] : [];
}

/** A typical time needs no more than two digits: "0.03 s". */
const shortSeconds = (value) =>
  `${sixDecimals.format(Number(value.toPrecision(2)))} s`;

const sixDecimals = new Intl.NumberFormat("en-US", {
  maximumFractionDigits: 6,
});

const shownDays = (entries) =>
  entries.flatMap(({ row: { time } }) => time === null ? [] : [dayOf(time)]);

/** A moment that no calendar has is shown as it is. */
const momentOf = (time) => Math.abs(time) < maxTime ? moment(time, 3) : "";

/** Later dates do not exist in JavaScript. */
const maxTime = 8.64e12;

/** A day in UTC: "2026-11-22". */
const dayOf = (time) => momentOf(time).split(" ")[0];

/** A time of day in UTC: "10:40:41.951". */
const clockOf = (time) => momentOf(time).split(" ")[1] ?? String(time);
