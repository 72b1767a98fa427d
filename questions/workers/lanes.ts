// @ts-types="npm:@types/d3-array@3.2.2"
import { bisectLeft, bisector } from "d3-array";
import { hullOf, type Interval, outside, unionOf } from "./intervals.ts";
import type { Slot } from "./lives.ts";

/** A slot and its attempts. */
export interface Lane<T> extends Slot {
  /**
   * In the order of their start, usually one at a time: clocks may contradict
   * each other.
   */
  attempts: T[];
}

/** A stretch of time that Parsl's or a worker's logs delimit. */
interface Stretch {
  /** Unix seconds. */
  start: number;
  /** Unix seconds. */
  end: number;
}

/**
 * Distributes attempts, in the order of their start, among slots: each to the
 * first one that is free.
 *
 * @param options.hasMore whether more attempts at once than slots mean more slots
 * @param options.isQueued whether an attempt waits for a slot instead: its start
 * is then when one is free
 */
export function fillLanes<T extends Stretch>(
  slots: readonly Slot[],
  attempts: readonly T[],
  { hasMore, isQueued }: {
    hasMore: boolean;
    isQueued: (attempt: T) => boolean;
  },
): Lane<T>[] {
  const lanes: Lane<T>[] = slots.map((slot) => ({ ...slot, attempts: [] }));
  const whole: Slot = {
    life: hullOf(slots.map(({ life }) => life)),
    paid: hullOf(slots.map(({ paid }) => paid)),
  };
  /** Numbers of the free lanes, ascending. */
  const free = lanes.map((_, i) => i);
  /** Occupied lanes, by the end of their attempts, the last one first. */
  const occupied: { lane: number; end: number }[] = [];
  const release = () => {
    const { lane, end } = occupied.pop()!;
    free.splice(bisectLeft(free, lane), 0, lane);
    return end;
  };
  const isAlive = (lane: number, { start }: Stretch) => {
    const { life: [from, to] } = lanes[lane]!;
    return from <= start && start < to;
  };
  for (const attempt of attempts) {
    while (occupied.length > 0 && occupied.at(-1)!.end <= attempt.start) {
      release();
    }
    if (free.length === 0) {
      if (hasMore) free.push(lanes.push({ ...whole, attempts: [] }) - 1);
      else {
        const end = release();
        if (isQueued(attempt)) attempt.start = Math.min(end, attempt.end);
      }
    }
    const alive = free.findIndex((lane) => isAlive(lane, attempt));
    const lane = free.splice(Math.max(0, alive), 1)[0]!;
    occupied.splice(byEnd(occupied, attempt.end), 0, {
      lane,
      end: attempt.end,
    });
    const { life, paid, attempts } = lanes[lane]!;
    attempts.push(attempt);
    // Clocks differ between hosts.
    const own: Interval = [attempt.start, attempt.end];
    lanes[lane]!.life = hullOf([life, own]);
    lanes[lane]!.paid = hullOf([paid, own]);
  }
  return lanes;
}

const { left: byEnd } = bisector(
  (one: { end: number }, end: number) => end - one.end,
);

/** The times in which a slot had a task. */
export const busyTimes = (lane: Lane<Stretch>): Interval[] =>
  unionOf(lane.attempts.map(({ start, end }) => [start, end]));

/** The times in which a slot had no task. */
export const gapsOf = (lane: Lane<Stretch>): Interval[] =>
  outside(lane.life, busyTimes(lane));
