import { KeyNumbers, withRoom } from "../../../sql/mod.ts";

/**
 * Collects the state of each task while a log is read. A run may have millions
 * of tasks, so the state is in an array of numbers, by the number of the
 * task's key.
 */
export class KnownTasks {
  readonly #keys = new KeyNumbers();
  #members = new Int32Array(8 * width);
  /** Lists of the numbers of tasks, each behind its length. */
  #lists = new Int32Array(8);
  #listsEnd = 1;
  readonly #joins = new Map<number, number[]>();
  readonly #failures = new Map<number, readonly string[]>();
  readonly #equalFailures = new Map<string, readonly string[]>();

  /** The place of a task, for the other methods. */
  number(task: string): number {
    const number = this.#keys.number([task]);
    this.#members = withRoom(this.#members, (number + 1) * width);
    return number;
  }

  /** Whether a line was about the task. */
  has(task: string): boolean {
    return this.#members[this.#keys.known([task]) * width + isMetAt] === 1;
  }

  /** Notes that a line is about a task; returns whether it is the first. */
  meet(number: number): boolean {
    const at = number * width + isMetAt;
    const isFirst = this.#members[at] === 0;
    this.#members[at] = 1;
    return isFirst;
  }

  /** Number of the current try. */
  current(number: number): number {
    return this.#members[number * width + currentAt]!;
  }

  setCurrent(number: number, attempt: number): void {
    this.#members[number * width + currentAt] = attempt;
  }

  /** Number of the try that the previous line was about. */
  lastTry(number: number): number | undefined {
    const last = this.#members[number * width + lastTryAt]!;
    return last === 0 ? undefined : last - 1;
  }

  setLastTry(number: number, attempt: number): void {
    this.#members[number * width + lastTryAt] = attempt + 1;
  }

  /** Notes the tasks that a task waits for before its function. */
  setDepends(number: number, tasks: readonly string[]): void {
    const at = number * width + dependsAt;
    if (tasks.length === 0) {
      this.#members[at] = 0;
      return;
    }
    this.#lists = withRoom(this.#lists, this.#listsEnd + 1 + tasks.length);
    this.#members[at] = this.#listsEnd;
    this.#lists[this.#listsEnd++] = tasks.length;
    for (const task of tasks) {
      this.#lists[this.#listsEnd++] = this.number(task);
    }
  }

  /** Notes the tasks that a task waits for after its function. */
  setJoins(number: number, tasks: readonly string[]): void {
    this.#joins.set(number, tasks.map((task) => this.number(task)));
  }

  /** Notes the last exception of a task, after its causes. */
  setFailure(number: number, failure: readonly string[]): void {
    // A second line names it without its causes.
    const isRepeated = failure.length === 1 &&
      failure[0] === "DependencyError" && this.#failures.has(number);
    if (isRepeated) return;
    const text = JSON.stringify(failure);
    if (this.#equalFailures.size === maxFailures) this.#equalFailures.clear();
    const equal = this.#equalFailures.getOrInsertComputed(
      text,
      () => JSON.parse(text),
    );
    this.#failures.set(number, equal);
  }

  /** The failures of the tasks that a task waited for before its function. */
  failuresOfDepends(number: number): string[] {
    const at = this.#members[number * width + dependsAt]!;
    const length = at === 0 ? 0 : this.#lists[at]!;
    return this.#failuresOf(this.#lists.subarray(at + 1, at + 1 + length));
  }

  /** The failures of the tasks that a task waited for after its function. */
  failuresOfJoins(number: number): string[] {
    return this.#failuresOf(this.#joins.get(number) ?? []);
  }

  #failuresOf(tasks: Iterable<number>): string[] {
    return Iterator.from(tasks)
      .flatMap((task) => this.#failures.get(task) ?? []).toArray();
  }
}

// The members of a task.
const isMetAt = 0;
const currentAt = 1;
const lastTryAt = 2;
const dependsAt = 3;
const width = 4;

const maxFailures = 1024;
