import type { WrittenEvent } from "./event_texts.ts";
import type { Account } from "./repeated_accounts.ts";

/** An event as story.sql gives it. */
export type EntityEvent = WrittenEvent & Account & {
  component: string;
  line: number | null;
  thread: string | null;
  place: string | null;
};

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
