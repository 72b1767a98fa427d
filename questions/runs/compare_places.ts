import { spanSql as sql } from "../../sql/mod.ts";
import { type Asking, rowsOf } from "../asking.ts";
import {
  type AskedTasks,
  type PlaceSeconds,
  placeSeconds,
  type PlaceStep,
} from "./place_seconds.ts";
import {
  type ComparedSteps,
  isKnownByAll,
  missingFor,
  type Sample,
  type StepTime,
} from "./step_differences.ts";

/** How long tasks were at each place. */
export interface MeasuredPlaces {
  places: readonly PlaceStep[];
  samples: readonly Sample[];
  /** Number of tasks that are in no group. */
  leftOut: number;
}

/** The name of the group that tasks belong to, if they belong to one. */
export type GroupOf = (
  tasks: { run: string; category: string | number | null },
) => string | undefined;

/**
 * Measures how long tasks were at each place, or at places that count as one step.
 *
 * @param parts the tasks of which to ask at once: a campaign has many
 * @param groupOf the group of a sample
 */
export function* measurePlaces(
  parts: readonly AskedTasks[],
  groupOf: GroupOf,
  steps?: readonly PlaceStep[],
): Asking<MeasuredPlaces> {
  const places = steps ?? (yield* rowsOf<{ place: string; rank: number }>(
    sql`SELECT place, min(place_rank) AS rank FROM event_kind
    WHERE place IS NOT NULL GROUP BY place ORDER BY 2, 1`,
  )).map(({ place, rank }) => ({ name: place, places: [place], rank }));
  const samples: Sample[] = [];
  let leftOut = 0;
  // Nothing but spans of the user's own.
  if (places.length === 0) return { places, samples, leftOut };
  for (const part of parts) {
    const rows = yield* rowsOf<PlaceSeconds>(placeSeconds(places, part));
    const bySample = Map.groupBy(
      rows,
      ({ run, category }) => JSON.stringify([run, category]),
    );
    for (const own of bySample.values()) {
      const all = own.find(({ step }) => step === -1)!;
      const group = groupOf(all);
      if (group === undefined) {
        leftOut += all.spans + all.unfinished;
        continue;
      }
      const { run, spans, unfinished, failed } = all;
      const steps = timesOf(own, places);
      samples.push({ group, run, spans, unfinished, failed, steps });
    }
  }
  return { places, samples, leftOut };
}

const timesOf = (
  rows: readonly PlaceSeconds[],
  places: readonly PlaceStep[],
): Map<string, StepTime> =>
  new Map(
    rows.filter(({ step }) => step >= 0).sort((a, b) => a.step - b.step).map((
      { step, seconds, p95 },
    ) => [places[step]!.name, { seconds: seconds!, p95 }]),
  );

/**
 * The steps that all samples can be compared by: a place of an executor that the
 * logs of some do not know counts with the place before it.
 */
export function sharedSteps({ places, samples }: MeasuredPlaces): {
  steps: PlaceStep[];
  missing: ComparedSteps["missing"];
} {
  const ran = samples.filter(({ spans }) => spans > 0);
  const seenBy = (place: PlaceStep) =>
    ran.filter(({ steps }) => steps.has(place.name));
  // A task with a known result never goes to an executor.
  const launched = ran.filter((sample) =>
    places.some(({ name, rank }) => rank >= 20 && sample.steps.has(name))
  );
  const isShared = (place: PlaceStep) =>
    !isOfExecutor(place.rank) || isKnownByAll(seenBy(place), ran, launched);
  const merged = places.reduce<PlaceStep[][]>((groups, place) => {
    if (isShared(place) || groups.length === 0) groups.push([place]);
    else groups.at(-1)!.push(place);
    return groups;
  }, []);
  const isSeen = (place: PlaceStep) => seenBy(place).length > 0;
  const missing = places.filter((place) => isSeen(place) && !isShared(place))
    .map((place) => [place.name, missingFor(seenBy(place), ran)] as const);
  return {
    steps: merged.map((group) => ({
      name: nameOf([group[0]!, ...group.slice(1).filter(isSeen)]),
      places: group.flatMap(({ places }) => places),
      rank: group[0]!.rank,
    })),
    missing: new Map(missing),
  };
}

/** Measures steps that all samples can be compared by. */
export function* comparePlaces(
  parts: readonly AskedTasks[],
  groupOf: GroupOf,
): Asking<ComparedSteps> {
  const measured = yield* measurePlaces(parts, groupOf);
  const { steps, missing } = sharedSteps(measured);
  const { samples, leftOut } = missing.size > 0
    ? yield* measurePlaces(parts, groupOf, steps)
    : measured;
  return { steps: steps.map(({ name }) => name), samples, missing, leftOut };
}

/** Whether Parsl itself does not know this place. */
const isOfExecutor = (rank: number): boolean => rank >= 30 && rank < 80;

function nameOf(group: readonly PlaceStep[]): string {
  const names = group.map(({ name }) => name);
  return names.length < 3 ? names.join(" + ") : `${names[0]} … ${names.at(-1)}`;
}
