// @ts-types="npm:@types/d3-array@3.2.2"
import { min } from "d3-array";
import { withRoom } from "../../sql/mod.ts";
import {
  limitingShares,
  limitingStages,
  type Shares,
} from "./limiting_stage.ts";
import type { Flow } from "./flows.ts";
import type { StageTimes } from "./try_stages.ts";

/** The queues that a try goes through, and the worker. */
const queues = [
  "pending",
  "launching",
  "queued",
  "held",
  "running",
  "returning",
] as const;

/** Points on the way of a try, at which the throughput is counted. */
const points = [
  "submitted",
  "dispatched",
  "started",
  "finished",
  "returned",
] as const;

type Point = typeof points[number];

/** A bin of time of one executor. */
export interface StageBin {
  start: number;
  end: number;
  /** Seconds that tries spent in each queue, in total. */
  spent: Record<typeof queues[number], number>;
  /** Seconds that workers lived, in total; undefined if unknown. */
  lived: number | undefined;
  /** Seconds in which each stage limited the throughput. */
  limited: Shares;
  /** Number of tries that passed each point. */
  passed: Record<Point, number>;
}

/**
 * Sums up the queues of an executor and the stages that limit its throughput
 * over bins of time. A try stays in a queue until the next stage that a log
 * shows, or else to the end.
 */
export function stageBins(flow: Flow, edges: readonly number[]): StageBin[] {
  const { stays, passages } = readFlow(flow);
  const bins = edges.slice(1).map((end, i): StageBin => ({
    start: edges[i]!,
    end,
    spent: zeros(queues),
    lived: flow.lives && 0,
    limited: zeros(limitingStages),
    passed: zeros(points),
  }));
  const last = bins.length - 1;
  for (const [point, times] of passages) {
    let bin = 0;
    for (const time of times.sorted()) {
      while (bin < last && time >= bins[bin]!.end) bin++;
      bins[bin]!.passed[point]++;
    }
  }
  let bin = 0;
  forEachMoment(stays, edges[0]!, edges.at(-1)!, (counts, since, until) => {
    const workers = flow.lives && counts.workers;
    const shares = limitingShares({ ...counts, workers });
    for (let time = since; time < until;) {
      while (bin < last && time >= bins[bin]!.end) bin++;
      const { start, end, spent, limited } = bins[bin]!;
      const from = Math.max(time, start);
      time = bin < last ? Math.min(until, end) : until;
      const seconds = Math.max(0, time - from);
      for (const queue of queues) spent[queue] += counts[queue] * seconds;
      if (workers !== undefined) bins[bin]!.lived! += workers * seconds;
      if (!shares) continue;
      for (const stage of limitingStages) {
        limited[stage] += shares[stage] * seconds;
      }
    }
  });
  return bins;
}

/** Names of the counters: tries in queues, those that really wait, workers. */
const counters = [
  ...queues,
  "toLaunch",
  "toDispatch",
  "toReturn",
  "workers",
] as const;

type Counter = typeof counters[number];

/** The times at which each counter rises by one, and those at which it falls. */
type Stays = Map<Counter, { from: Times; until: Times }>;

/** Times of which the order does not matter. */
class Times {
  #length = 0;
  #times = new Float64Array(8);

  push(time: number): void {
    this.#times = withRoom(this.#times, this.#length + 1);
    this.#times[this.#length++] = time;
  }

  sorted(): Float64Array {
    return this.#times.subarray(0, this.#length).sort();
  }
}

// In seconds: a try that goes on earlier was on its way, and did not wait.
const transit = 0.1;

function readFlow({ stages, tries, launched: own, others, lives = [] }: Flow) {
  const stays: Stays = new Map(
    counters.map((name) => [name, { from: new Times(), until: new Times() }]),
  );
  const passages = new Map(
    points.map((point): [Point, Times] => [point, new Times()]),
  );
  const stay = (name: Counter, from: number, until: number) => {
    if (until <= from) return;
    stays.get(name)!.from.push(from);
    stays.get(name)!.until.push(until);
  };
  const wait = (name: Counter, from: number | undefined, until: number) => {
    if (from !== undefined && until - from >= transit) stay(name, from, until);
  };
  const pass = (point: Point, time: number | null) => {
    if (time !== null) passages.get(point)!.push(time);
  };
  // If no log shows its queue, an executor has a task from the launch on.
  const hasQueue = tries.some((row) => stages.number(row, "queued") !== null);
  for (const row of tries) {
    const one = stages.times(row);
    const { submitted, launched, held, started, finished, returned } = one;
    const ready = readyTime(one);
    const queued = hasQueue ? one.queued : launched;
    // When it is in each queue or in a later one.
    const times = [submitted, ready, queued, held, started, finished, returned];
    const reached = times.map((time) => time ?? Infinity);
    for (let i = times.length - 2; i >= 0; i--) {
      reached[i] = Math.min(reached[i]!, reached[i + 1]!);
    }
    queues.forEach((queue, i) => stay(queue, reached[i]!, reached[i + 1]!));
    wait("toLaunch", reached[1]!, reached[2]!);
    wait("toDispatch", reached[2]!, reached[4]!);
    wait("toReturn", reached[5]!, reached[6]!);
    pass("submitted", submitted);
    pass("dispatched", held ?? started);
    pass("started", started);
    if (started !== null) pass("finished", finished ?? returned);
    if (submitted !== null || own.length === 0) pass("returned", returned);
  }
  for (const row of own) {
    pass("submitted", stages.number(row, "submitted"));
    pass("returned", stages.number(row, "returned"));
  }
  for (const row of own.concat(others)) {
    const one = stages.times(row);
    const end = one.launched ?? one.returned ?? Infinity;
    const ready = readyTime(one) ?? end;
    stay("pending", one.submitted ?? ready, ready);
    stay("launching", ready, end);
    wait("toLaunch", ready, end);
  }
  for (const [start, end] of lives) stay("workers", start, end);
  return { stays, passages };
}

/** When nothing but its launch was left to wait for; null if never. */
function readyTime({ ready, launched, returned }: StageTimes): number | null {
  const times = [ready, launched, returned].filter((time) => time !== null);
  return min(times) ?? null;
}

/** Visits the times between changes, in order; equal times are one change. */
function forEachMoment(
  stays: Stays,
  start: number,
  end: number,
  visit: (
    counts: Record<Counter, number>,
    since: number,
    until: number,
  ) => void,
): void {
  const counts = zeros(counters);
  const changes = stays.entries().flatMap(([name, { from, until }]) =>
    ([[1, from], [-1, until]] as const).map(([change, times]) => ({
      name,
      change,
      times: times.sorted(),
      next: 0,
    }))
  ).toArray();
  const timeOf = ({ times, next }: typeof changes[0]) =>
    times[next] ?? Infinity;
  let since = Math.min(start, min(changes, timeOf) ?? start);
  while (since < end) {
    let until = end;
    for (const one of changes) {
      while (timeOf(one) <= since) {
        counts[one.name] += one.change;
        one.next++;
      }
      until = Math.min(until, timeOf(one));
    }
    visit(counts, since, until);
    since = until;
  }
}

const zeros = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
