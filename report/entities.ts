import { PairNumbers, withRoom } from "../sql/mod.ts";
import { scopes } from "./client/identity.js";
import type { EntityKind, Identity, Spans } from "./spans.ts";

/** An entity that rows are about. */
export interface Entity {
  identity: Identity;
  kind: EntityKind;
  run: string;
  app: string | null;
  /** How many tasks are in it; 1 if it is of one task. */
  tasks: number;
  events: number;
  /** Unix seconds; null if no event has a time. */
  first: number | null;
  last: number | null;
}

/** By span, the number of its events, and their first and last times, or NaN. */
export interface EventsOfSpans
  extends Record<"count" | "first" | "last", Float64Array> {
  /** 0 if it has no states, 1 if it did not reach a final one, 2 if it did. */
  state: Uint8Array;
}

/** The entities of a kind, column by column: a run may have millions. */
export class Entities {
  /** The numbers of entities, in the order of their first spans. */
  readonly #order: Int32Array;
  readonly #spans: Spans;
  readonly #kind: EntityKind;
  /** By the number of an entity: its first span, its app, its tasks. */
  #span = new Int32Array(8);
  #app = new Int32Array(8);
  #tasks = new Int32Array(8);
  #events = new Float64Array(8);
  #first = new Float64Array(8);
  #last = new Float64Array(8);
  #state = new Uint8Array(8);

  constructor(spans: Spans, events: EventsOfSpans, kind: EntityKind) {
    this.#spans = spans;
    this.#kind = kind;
    const { identity, others } = spans;
    const scope = scopes[kind].map((name) => identity[name as EntityKind]);
    const keys = new PairNumbers();
    const tasks = new PairNumbers();
    const isOfTask = (scopes[kind] as readonly string[]).includes("task");
    let order = new Int32Array(8);
    let length = 0;
    for (let span = 0; span < spans.length; span++) {
      if (identity.run[span] === 0 || identity[kind][span] === 0) continue;
      let entity = 0;
      for (const column of scope) entity = keys.number(entity, column[span]!);
      const isNew = (this.#span[entity] ?? 0) === 0;
      if (isNew) {
        this.#makeRoom(entity);
        this.#span[entity] = span + 1;
        this.#first[entity] = this.#last[entity] = NaN;
        order = withRoom(order, length + 1);
        order[length++] = entity;
      }
      const task = identity.task[span]!;
      if (isOfTask && task !== 0) this.#tasks[entity] = 1;
      else if (task !== 0) {
        const { size } = tasks;
        if (tasks.number(entity, task) > size) this.#tasks[entity]!++;
      }
      if (others.app[span] !== 0) this.#app[entity] = others.app[span]!;
      this.#events[entity]! += events.count[span]!;
      this.#state[entity] = Math.max(this.#state[entity]!, events.state[span]!);
      this.#first[entity] = earlier(this.#first[entity]!, events.first[span]!);
      this.#last[entity] = -earlier(-this.#last[entity]!, -events.last[span]!);
    }
    this.#order = order.subarray(0, length);
  }

  get length(): number {
    return this.#order.length;
  }

  /** The entities in the order of their first spans. */
  *[Symbol.iterator](): Generator<Entity> {
    for (const entity of this.#order) yield this.#at(entity);
  }

  /**
   * Those with the most seconds between their first and last events, without
   * those that are known not to have ended.
   */
  longest(max: number): Entity[] {
    const seconds = (entity: number) =>
      this.#last[entity]! - this.#first[entity]! || 0;
    return Array.from(
      this.#order.filter((entity) => !this.#isOpen(entity))
        .sort((a, b) => seconds(b) - seconds(a)).subarray(0, max),
      (entity) => this.#at(entity),
    );
  }

  /** How many are known not to have ended. */
  get unfinished(): number {
    return this.#order.filter((entity) => this.#isOpen(entity)).length;
  }

  #isOpen(entity: number): boolean {
    return this.#state[entity] === 1;
  }

  /** How many are in each run. */
  countsByRun(): Map<string, number> {
    const { identity, texts } = this.#spans;
    const counts = new Map<number, number>();
    for (const entity of this.#order) {
      const run = identity.run[this.#span[entity]! - 1]!;
      counts.set(run, (counts.get(run) ?? 0) + 1);
    }
    return new Map(
      Array.from(counts, ([run, count]) => [texts.text(run), count]),
    );
  }

  #at(entity: number): Entity {
    const [spans, kind] = [this.#spans, this.#kind];
    const known = spans.identityOf(this.#span[entity]! - 1);
    const names = scopes[kind].filter((name) => name in known);
    const timeOf = (time: number) => Number.isNaN(time) ? null : time;
    return {
      identity: Object.fromEntries(
        names.map((name) => [name, known[name as EntityKind]]),
      ),
      kind,
      run: known.run!,
      app: spans.text(this.#app[entity]!) ?? null,
      tasks: this.#tasks[entity]!,
      events: this.#events[entity]!,
      first: timeOf(this.#first[entity]!),
      last: timeOf(this.#last[entity]!),
    };
  }

  #makeRoom(entity: number): void {
    const length = entity + 1;
    this.#span = withRoom(this.#span, length);
    this.#app = withRoom(this.#app, length);
    this.#tasks = withRoom(this.#tasks, length);
    this.#events = withRoom(this.#events, length);
    this.#first = withRoom(this.#first, length);
    this.#last = withRoom(this.#last, length);
    this.#state = withRoom(this.#state, length);
  }
}

/** The lesser of two times, or the one that is not NaN. */
const earlier = (a: number, b: number): number =>
  a < b || Number.isNaN(b) ? a : b;
