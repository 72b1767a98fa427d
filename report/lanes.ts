// @ts-types="npm:@types/d3-array@3.2.2"
import { bisector } from "d3-array";
import { utilisation, type WorkerName } from "../questions/mod.ts";
import { type Database, PairNumbers } from "../sql/mod.ts";
import type { Bars } from "./bars.ts";

/** A lane of the stream: a slot of a worker, or of an executor's other tasks. */
export interface Lane extends WorkerName {
  host: string | null;
  /** The number of the slot, from 0, and how many its worker has. */
  slot: number;
  slots: number;
  /** When its worker lived, in Unix seconds; null if no log has that. */
  from: number | null;
  until: number | null;
}

/** Slots of a place, and which of them are free. */
interface Place {
  name: WorkerName;
  host: string | null;
  maxSlots: number;
  slots: number;
  life: { start: number; end: number } | undefined;
  free: number[];
  /** By their ends, the last one first. */
  occupied: { slot: number; end: number }[];
}

// More tasks at once that have no known worker share these.
const maxUnknown = 1000;

/**
 * Distributes bars among the slots of their workers, each to the first that is
 * free, and names the lanes, those of idle workers included.
 *
 * @param order of the starts of bars
 * @param runs in the order of their lanes
 * @returns the lanes in the order of their names, and the lane of each bar
 */
export function assignLanes(
  db: Database,
  bars: Bars,
  order: Int32Array,
  runs: readonly { run: string }[],
  options: { run?: string },
): { lanes: Lane[]; laneOf: Int32Array } {
  const names = new PairNumbers();
  const places = new Map<number, Place>();
  /** The place with the numbers of the texts of its name. */
  const placeOf = (
    numberOf: (level: Level) => number,
    textOf: (level: Level) => string | null,
  ) =>
    places.getOrInsertComputed(
      levels.reduce(
        (number, level) => names.number(number, numberOf(level)),
        0,
      ),
      (): Place => ({
        name: Object.fromEntries(
          levels.map((level) => [level, textOf(level)]),
        ) as Record<Level, string | null>,
        host: null,
        maxSlots: maxUnknown,
        slots: 0,
        life: undefined,
        free: [],
        occupied: [],
      }),
    );
  for (
    const worker of utilisation(db, { ...options, by: "worker" })
  ) {
    const { start, end, slots } = worker;
    const textOf = (level: Level) => worker[level] ?? null;
    const place = placeOf((level) => bars.numberOf(textOf(level)), textOf);
    place.life = { start, end };
    place.slots = place.maxSlots = slots;
    place.free = Array.from({ length: slots }, (_, slot) => slot);
  }
  const slots = new Int32Array(bars.length);
  const ofBars: Place[] = new Array(bars.length);
  for (const row of order) {
    const place = placeOf(
      (level) => bars.textNumber(row, level),
      (level) => bars.text(row, level),
    );
    place.host ??= bars.text(row, "host");
    slots[row] = takeSlot(
      place,
      bars.number(row, "start")!,
      bars.number(row, "end")!,
    );
    ofBars[row] = place;
  }
  const first = new Map<Place, number>();
  const lanes: Lane[] = [];
  for (const place of [...places.values()].sort(inOrder(runs))) {
    first.set(place, lanes.length);
    const { run, executor, block, manager, worker } = place.name;
    for (let slot = 0; slot < place.slots; slot++) {
      lanes.push({
        run,
        executor,
        block,
        manager,
        worker,
        host: place.host,
        slot,
        slots: place.slots,
        from: place.life?.start ?? null,
        until: place.life?.end ?? null,
      });
    }
  }
  return {
    lanes,
    laneOf: slots.map((slot, i) => first.get(ofBars[i]!)! + slot),
  };
}

/** The first free slot; if there is none, a new one or the next that will be. */
function takeSlot(place: Place, start: number, end: number): number {
  const { free, occupied } = place;
  const release = () => {
    const { slot } = occupied.pop()!;
    free.splice(bySlot(free, slot), 0, slot);
  };
  while (occupied.length > 0 && occupied.at(-1)!.end <= start) release();
  if (free.length === 0 && place.slots < place.maxSlots) {
    free.push(place.slots++);
  } else if (free.length === 0) release();
  const slot = free.shift()!;
  occupied.splice(byEnd(occupied, end), 0, { slot, end });
  return slot;
}

const { left: bySlot } = bisector((slot: number) => slot);
const { left: byEnd } = bisector(
  (one: { end: number }, end: number) => end - one.end,
);

const levels = ["run", "executor", "block", "manager", "worker"] as const;
type Level = typeof levels[number];

/** Whether no log says where it was. */
const isNowhere = ({ name: { block, manager, worker }, host }: Place) =>
  (block ?? manager ?? worker ?? host) === null;

/** In the order of runs and names; those without a worker come last. */
const inOrder = (runs: readonly { run: string }[]) => {
  const nth = new Map(runs.map(({ run }, i) => [run, i]));
  const nthOf = ({ name: { run } }: Place) => nth.get(run ?? "") ?? nth.size;
  return (one: Place, other: Place) =>
    nthOf(one) - nthOf(other) || byName(one, other);
};

const byName = (one: Place, other: Place) => {
  const [a, b] = [one.name, other.name];
  if (a.run === b.run && isNowhere(one) !== isNowhere(other)) {
    return isNowhere(one) ? 1 : -1;
  }
  for (const level of levels) {
    const [left, right] = [a[level] ?? null, b[level] ?? null];
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    // Nobody knows workers by ids: the first to live comes first.
    const isId = level === "worker" && !/^\d+$|_\d+$/.test(left + right);
    const order = isId
      ? firstTime(one) - firstTime(other) || compare(left, right)
      : compare(left, right);
    if (order !== 0) return order;
  }
  return 0;
};

const firstTime = ({ life }: Place): number => life?.start ?? 0;

const { compare } = new Intl.Collator("en", { numeric: true });
