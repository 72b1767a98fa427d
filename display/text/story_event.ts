/** An event of an entity, as a story needs it: a row of story.sql. */
export interface EntityEvent {
  event_id: number;
  time: number | null;
  component: string;
  event_type: string;
  named: number;
  /** JSON. */
  attributes: string | null;
  span_type: string;
  /** JSON. */
  span_attributes: string;
  role: string | null;
  /** JSON array of the names that identify the span, or null. */
  identity: string | null;
  place: string | null;
  thread: string | null;
  process: string | null;
  level: string | null;
  source_id: number | null;
  path: string | null;
  line: number | null;
  /** Null in a database. */
  offset: number | null;
}

/** An entity, and what happened to it in the order of time. */
export interface ToldEntity {
  /** What a person calls it: "task 79, app bottom". */
  name: string;
  /** The label of the run it belongs to; if it has none, its id or directory. */
  run: string | null;
  events: readonly EntityEvent[];
  /** What each event says. */
  texts: readonly string[];
  /** The usual time between two successive events. */
  usualGap(before: EntityEvent, event: EntityEvent): UsualGap;
}

/** How long other entities take, and how many of them. */
export type UsualGap = Pick<StoryEvent, "usual_gap" | "others">;

/** How an entity ended, in words. */
export interface Outcome {
  text: string;
  isFailure: boolean;
}

/** What the listing of a story needs beside its rows. */
export interface StoryFacts {
  /** By the number of the entity, from 0. */
  outcomes: readonly Outcome[];
  /** As much of the end of each path as names one file of a run. */
  files: ReadonlyMap<string, string>;
}

/** A moment of an entity: a row of `story`. */
export interface StoryEvent {
  /** Number of the entity, from 1. */
  entity: number;
  /** Its name: "task 79, app bottom". */
  about: string;
  /** The label of its run; if it has none, its id or directory. */
  run: string | null;
  /** Unix seconds; null if no time was given. */
  time: number | null;
  /** Seconds since the first event of the entity. */
  since_start: number | null;
  /** Seconds since the event before; null for the first one. */
  gap: number | null;
  /**
   * Seconds that other entities usually take from the event before to this one.
   */
  usual_gap: number | null;
  /** Number of gaps of other entities that the usual gap is the median of. */
  others: number;
  /** 1 at the largest gap of the entity, 0 elsewhere. */
  largest: number;
  /**
   * 1 if the gap is at least three times the usual one, and that costs at least
   * a hundredth of the entity's time; otherwise 0.
   */
  odd: number;
  /** Who wrote it, as thread@process; or the component. */
  who: string;
  /** The level of the line: "ERROR". Null if it has none. */
  level: string | null;
  /**
   * What was written, without the time, process and level of the line. If its
   * log is gone, or a database reports it, the name of the event in words.
   */
  text: string;
  /** The exception of a traceback in `more`: "ValueError: disk full". */
  exception: string | null;
  /** Lines that continue the text, such as a traceback. */
  more: string | null;
  /**
   * The event_id of the row that tells the same: of another component's account
   * of this occurrence. Null if there is none.
   */
  repeats: number | null;
  /** The component that reports it: the span type without its last part. */
  component: string;
  /** The type of the event: a name, or the template of a message. */
  event_type: string;
  /** 1 if the event has a name, 0 if it is a message. */
  named: number;
  /** The type of the event's span. */
  span_type: string;
  /** Path of the source at the time of the import. */
  path: string | null;
  /** The line there, from 1; the rowid in a database. */
  line: number | null;
  /** The table, if the source is a database. */
  table: string | null;
  /** The event, for `lines` and for queries. */
  event_id: number;
}
