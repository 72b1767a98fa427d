import { type Database, spanSql as sql, withRoom } from "../../sql/mod.ts";
import type { FoundRun } from "./find_run.ts";
import { placeTimes } from "./place_times.ts";
import { type ComparedSteps, StepSeconds, sumsBy } from "./step_differences.ts";

/** Compares how long the tasks of runs were at each place. */
export function comparePlaces(
  db: Database,
  runs: readonly FoundRun[],
): ComparedSteps {
  const keys = runs.map(({ run, rundir }) => run ?? rundir!);
  const numbers = Map.groupBy(keys.keys(), (i) => keys[i]!);
  const { tasks, ranks, unfinished } = readStays(db, keys);
  const ran = new Set(Iterator.from(tasks).map(({ run }) => run));
  const seenBy = new Map<string, Set<string>>();
  for (const { run, stays } of tasks) {
    for (const [place] of stays) {
      seenBy.getOrInsertComputed(place, () => new Set()).add(run);
    }
  }
  const places = [...seenBy.keys()]
    .sort((a, b) => ranks.get(a)! - ranks.get(b)!);
  const isShared = (place: string) =>
    !isOfExecutor(ranks.get(place)!) || seenBy.get(place)!.size === ran.size;
  const merged = places.reduce<string[][]>((groups, place) => {
    if (isShared(place) || groups.length === 0) groups.push([place]);
    else groups.at(-1)!.push(place);
    return groups;
  }, []);
  const stepOf = new Map(
    merged.flatMap((group) => group.map((place) => [place, nameOf(group)])),
  );
  const seconds = new StepSeconds(runs.length, [...new Set(stepOf.values())]);
  for (const { run, stays } of tasks) {
    const steps = sumsBy(stays, (place) => stepOf.get(place)!);
    for (const i of numbers.get(run)!) seconds.add(i, steps);
  }
  return {
    seconds,
    unfinished: keys.map((key) => unfinished.get(key) ?? 0),
    missing: keys.map((key) =>
      places.filter((place) => !isShared(place) && !seenBy.get(place)!.has(key))
    ),
  };
}

/** Whether Parsl itself does not know this place. */
const isOfExecutor = (rank: number): boolean => rank >= 30 && rank < 80;

const nameOf = (group: readonly string[]): string =>
  group.length < 3 ? group.join(" + ") : `${group[0]} … ${group.at(-1)}`;

/** A task that ended: how long it was at each place that it left. */
interface TaskStays {
  run: string;
  stays: [place: string, seconds: number][];
}

/** Tasks in arrays of numbers: objects of a million would take a gigabyte. */
class TaskList implements Iterable<TaskStays> {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  #length = 0;
  #runs = new Int32Array(64);
  /** Where the stays of each task end. */
  #ends = new Int32Array(64);
  #places = new Int32Array(256);
  #seconds = new Float64Array(256);

  add({ run, stays }: TaskStays): void {
    let end = this.#length > 0 ? this.#ends[this.#length - 1]! : 0;
    this.#places = withRoom(this.#places, end + stays.length);
    this.#seconds = withRoom(this.#seconds, end + stays.length);
    for (const [place, seconds] of stays) {
      this.#places[end] = this.#number(place);
      this.#seconds[end++] = seconds;
    }
    this.#runs = withRoom(this.#runs, this.#length + 1);
    this.#ends = withRoom(this.#ends, this.#length + 1);
    this.#runs[this.#length] = this.#number(run);
    this.#ends[this.#length++] = end;
  }

  #number(name: string): number {
    return this.#numbers.getOrInsertComputed(
      name,
      () => this.#names.push(name) - 1,
    );
  }

  *[Symbol.iterator](): Generator<TaskStays> {
    for (let task = 0, from = 0; task < this.#length; task++) {
      const stays: TaskStays["stays"] = [];
      for (; from < this.#ends[task]!; from++) {
        const place = this.#names[this.#places[from]!]!;
        stays.push([place, this.#seconds[from]!]);
      }
      yield { run: this.#names[this.#runs[task]!]!, stays };
    }
  }
}

function readStays(db: Database, keys: readonly string[]) {
  const rows = db.iterate<{
    run: string;
    root_id: number;
    place: string;
    seconds: number | null;
    place_rank: number;
  }>(
    sql`SELECT * FROM (${placeTimes()}) WHERE run IN (${
      sql.join([...new Set(keys)])
    }) ORDER BY root_id`,
  );
  const tasks = new TaskList();
  const ranks = new Map<string, number>();
  const unfinished = new Map<string, number>();
  let task: TaskStays & { id: number; isEnded: boolean } | undefined;
  const close = () => {
    if (!task) return;
    const { run } = task;
    if (task.isEnded) tasks.add(task);
    else unfinished.set(run, (unfinished.get(run) ?? 0) + 1);
  };
  for (const { run, root_id, place, seconds, place_rank } of rows) {
    if (task?.id !== root_id) {
      close();
      task = { id: root_id, run, stays: [], isEnded: false };
    }
    ranks.set(place, place_rank);
    if (seconds !== null) task.stays.push([place, seconds]);
    else if (place_rank >= 80 && place_rank < 100) task.isEnded = true;
  }
  close();
  return { tasks, ranks, unfinished };
}
