import { PickleReader } from "./pickle_reader.ts";

/** The machine that executes a pickle: a stack and a memo. */
export class Machine {
  readonly in: PickleReader;
  readonly memo = new Map<number, unknown>();
  #stack: unknown[] = [];
  // A mark begins a new stack.
  #below: unknown[][] = [];

  constructor(bytes: Uint8Array) {
    this.in = new PickleReader(bytes);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw this.in.error("the stack is empty");
    return this.#stack.pop();
  }

  top(): unknown {
    if (this.#stack.length === 0) throw this.in.error("the stack is empty");
    return this.#stack.at(-1);
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** Everything above the last mark. */
  marked(): unknown[] {
    const below = this.#below.pop();
    if (!below) throw this.in.error("there is no mark");
    const items = this.#stack;
    this.#stack = below;
    return items;
  }

  last(count: number): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.unshift(this.pop());
    return items;
  }

  recall(number: number): void {
    if (!this.memo.has(number)) {
      throw this.in.error(`there is no memo ${number}`);
    }
    this.push(this.memo.get(number));
  }

  // Items of unknown objects are dropped.
  append(list: unknown, items: readonly unknown[]): void {
    if (!Array.isArray(list)) return;
    for (const item of items) list.push(item);
  }

  set(dict: unknown, items: readonly unknown[]): void {
    if (!(dict instanceof Map)) return;
    for (let i = 0; i + 1 < items.length; i += 2) {
      dict.set(items[i], items[i + 1]);
    }
  }
}
