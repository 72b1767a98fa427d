import { basename } from "node:path";
import { counted, moment } from "../../display/text/format.ts";
import {
  type Listing,
  type ListingEntry,
  someOf,
} from "../../display/text/listing.ts";
import type { StoryEvent } from "./story_event.ts";
import {
  componentIn,
  exactSeconds,
  type Outcome,
  shortSeconds,
} from "./story_words.ts";

/** Levels that a reader should see. */
const alarming: ReadonlySet<string> = new Set([
  "WARNING",
  "ERROR",
  "CRITICAL",
  "FATAL",
]);

/** What the listing of a story needs beside its rows. */
export interface StoryFacts {
  /** By the number of the entity, from 0. */
  outcomes: readonly Outcome[];
  /** As much of the end of each path as names one file of a run. */
  files: ReadonlyMap<string, string>;
}

/** Rows of a story as text to read; undefined for rows of another shape. */
export function storyListing(
  rows: readonly Partial<StoryEvent>[],
  { outcomes, files }: StoryFacts,
  max: number,
): Listing | undefined {
  if (!rows.every(isEvent)) return undefined;
  if (rows.length === 0) return { sections: [], caption: "No events." };
  const { told, shown } = withoutRepeats(rows);
  const entities = [...Map.groupBy(shown, ({ row }) => row.entity)];
  const budget = Math.max(10, Math.floor(max / entities.length));
  const some = someOf(entities, maxEntities);
  const sections = [...some.first, ...some.last].map(([entity, entries]) => {
    const [{ row }] = entries as [ShownEvent];
    const { first, last, leftOut } = someOf(entries, budget);
    const outcome = outcomes[entity - 1];
    const days = new Set(shownDays(entries));
    const [day] = days;
    const entryOf = (
      event: ShownEvent,
      i: number,
      all: readonly ShownEvent[],
    ) => storyEntry(event, told, files, days.size > 1 ? all[i - 1] : event);
    return {
      heading: [
        row.run === null ? [] : `Run ${basename(row.run)}`,
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
          text: `${leftOut}; slice() and filter() show them`,
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

const isEvent = (row: Partial<StoryEvent>): row is StoryEvent =>
  typeof row?.text === "string" && typeof row.entity === "number" &&
  row.time !== undefined && row.event_id !== undefined;

/** An event, with the time since the one above it. */
interface ShownEvent {
  row: StoryEvent;
  gap: number | null;
  usual: number | null;
}

/** Leaves out the accounts that repeat another one of the rows. */
function withoutRepeats(rows: readonly StoryEvent[]) {
  const ids = new Set(rows.map(({ event_id }) => event_id));
  const told = new Map<number, StoryEvent[]>();
  const shown: ShownEvent[] = [];
  // The gap before a repeated account is a part of the next one's.
  let gap: number | null = 0;
  let usual: number | null = 0;
  const plus = (a: number | null, b: number | null) =>
    a === null || b === null ? null : a + b;
  for (const row of rows) {
    const { repeats } = row;
    gap = row.gap === null ? null : plus(gap ?? 0, row.gap);
    usual = row.gap === null ? null : plus(usual, row.usual_gap);
    if (repeats !== null && ids.has(repeats)) {
      told.getOrInsertComputed(repeats, () => []).push(row);
      continue;
    }
    shown.push({ row, gap, usual });
    [gap, usual] = [0, 0];
  }
  return { told, shown };
}

function storyEntry(
  { row, gap, usual }: ShownEvent,
  told: ReadonlyMap<number, readonly StoryEvent[]>,
  files: StoryFacts["files"],
  before: ShownEvent | undefined,
): ListingEntry {
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
    lead: row.who + (level && alarming.has(level) ? ` ${level}` : ""),
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
  };
}

/** "parsl.log:120"; "monitoring.db, row 699 of status". */
function placeOf(
  { path, line, table }: StoryEvent,
  files: StoryFacts["files"],
): string {
  const name = files.get(path ?? "") ?? basename(path ?? "");
  if (line === null) return name;
  return table === null
    ? `${name}:${line}`
    : `${name}, row ${line} of ${table}`;
}

/** "also monitoring, 12 ms later". */
function alsoOf(row: StoryEvent, others: readonly StoryEvent[]): string[] {
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

const shownDays = (entries: readonly ShownEvent[]): string[] =>
  entries.flatMap(({ row: { time } }) => time === null ? [] : [dayOf(time)]);

/** A moment that no calendar has is shown as it is. */
const momentOf = (time: number): string =>
  Math.abs(time) < maxTime ? moment(time, 3) : "";

/** Later dates do not exist in JavaScript. */
const maxTime = 8.64e12;

/** A day in UTC: "2026-11-22". */
const dayOf = (time: number): string => momentOf(time).split(" ")[0]!;

/** A time of day in UTC: "10:40:41.951". */
const clockOf = (time: number): string =>
  momentOf(time).split(" ")[1] ?? String(time);
