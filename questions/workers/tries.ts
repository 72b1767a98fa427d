import { Columns, PairNumbers, withRoom } from "../../sql/mod.ts";
import { type PlaceRow, runOf, type RunRow } from "./place_rows.ts";

/** A try, as the preferred account tells it. */
export interface TryRow extends Pick<PlaceRow, keyof RunRow | "executor"> {
  span_id: number;
  task: string;
  try: string;
  app: string | null;
  launched: number | null;
  /** The final state, and when the try entered it. */
  state: string | null;
  ended: number | null;
  is_useful: 0 | 1 | null;
  is_pool: 0 | 1;
  /** When Parsl had its result. */
  idle: number | null;
  thread: string | null;
}

/** Names a try: its run, task and number. */
type TryName = RunRow & { task: string | null; try: string | null };

const textColumns = [
  "run",
  "rundir",
  "task",
  "try",
  "executor",
  "app",
  "state",
  "thread",
] as const;
const numberColumns = [
  "span_id",
  "launched",
  "ended",
  "is_useful",
  "is_pool",
  "idle",
] as const;

/** An attribute may be a number. */
const textOf = (name: string | null): string => String(name ?? "");

/**
 * Tries, each once: a million objects would take half a gigabyte. A try is an
 * index, from 0 on.
 */
export class Tries implements Iterable<TryRow> {
  readonly #rows = new Columns(textColumns, numberColumns);
  /** Numbers each pair of run and task, and each pair of such a task and a try. */
  readonly #names = new PairNumbers();
  /** By name: one more than the try; for a task, than its last one. */
  #named = new Int32Array(8);

  /** Adds what an account tells of a try, the preferred account first. */
  add(row: TryRow): void {
    const rows = this.#rows;
    const { task, name } = this.#nameOf(row);
    this.#named = withRoom(this.#named, Math.max(task, name) + 1);
    const known = this.#named[name]! - 1;
    if (known < 0) {
      const index = rows.add(row);
      const last = this.#named[task]! - 1;
      this.#named[name] = index + 1;
      if (last < 0 || Number(row.try) >= Number(rows.text(last, "try"))) {
        this.#named[task] = index + 1;
      }
    } else if (rows.textNumber(known, "state") === 0) {
      // Parsl's own log may be cut off.
      rows.setText(known, "state", row.state);
      rows.setNumber(known, "ended", row.ended);
      rows.setNumber(known, "is_useful", row.is_useful);
    }
  }

  /** The try with this name, or -1. */
  find(name: TryName): number {
    const key = this.#names.known(
      this.#knownTask(name),
      this.#rows.texts.known(textOf(name.try)),
    );
    return (this.#named[key] ?? 0) - 1;
  }

  /** A number for a name, of a known try or not. */
  number(name: TryName): number {
    return this.#nameOf(name).name;
  }

  /** The number of the last try of a task; NaN if none is known. */
  lastNumber(name: Omit<TryName, "try">): number {
    const last = this.lastOf(name);
    return last < 0 ? NaN : Number(this.#rows.text(last, "try"));
  }

  /** The last try of a task, or -1. */
  lastOf(name: Omit<TryName, "try">): number {
    return (this.#named[this.#knownTask(name)] ?? 0) - 1;
  }

  #knownTask(name: Omit<TryName, "try">): number {
    const { texts } = this.#rows;
    return this.#names.known(
      texts.known(runOf(name)),
      texts.known(textOf(name.task)),
    );
  }

  #nameOf(row: TryName): { task: number; name: number } {
    const { texts } = this.#rows;
    const names = this.#names;
    const run = texts.number(runOf(row));
    const task = names.number(run, texts.number(textOf(row.task)));
    return { task, name: names.number(task, texts.number(textOf(row.try))) };
  }

  /** A try as an object. */
  at(index: number): TryRow {
    const rows = this.#rows;
    return {
      span_id: rows.number(index, "span_id")!,
      run: rows.text(index, "run"),
      rundir: rows.text(index, "rundir"),
      task: rows.text(index, "task")!,
      try: rows.text(index, "try")!,
      executor: rows.text(index, "executor"),
      app: rows.text(index, "app"),
      launched: rows.number(index, "launched"),
      state: rows.text(index, "state"),
      ended: rows.number(index, "ended"),
      is_useful: rows.number(index, "is_useful") as TryRow["is_useful"],
      is_pool: rows.number(index, "is_pool") as TryRow["is_pool"],
      idle: rows.number(index, "idle"),
      thread: rows.text(index, "thread"),
    };
  }

  /** The try with this name as an object. */
  known(name: TryName): TryRow | undefined {
    const index = this.find(name);
    return index < 0 ? undefined : this.at(index);
  }

  isInPool(name: TryName): boolean {
    const index = this.find(name);
    return index >= 0 && this.#rows.number(index, "is_pool") === 1;
  }

  /** Yields the tries that ran in a pool of threads. */
  *inPools(): Generator<TryRow> {
    for (let i = 0; i < this.#rows.length; i++) {
      if (this.#rows.number(i, "is_pool") === 1) yield this.at(i);
    }
  }

  /** Yields the indexes of tries whose final state is one of these. */
  *inStates(states: Iterable<string>): Generator<number> {
    const numbers = new Set(
      Iterator.from(states).map((state) => this.#rows.texts.known(state)),
    );
    numbers.delete(0);
    for (let i = 0; i < this.#rows.length; i++) {
      if (numbers.has(this.#rows.textNumber(i, "state"))) yield i;
    }
  }

  *[Symbol.iterator](): Generator<TryRow> {
    for (let i = 0; i < this.#rows.length; i++) yield this.at(i);
  }

  /** Returns the tries that fulfil a condition. */
  filter(test: (row: TryRow) => boolean): Tries {
    const found = new Tries();
    for (const row of this) if (test(row)) found.add(row);
    return found;
  }
}
