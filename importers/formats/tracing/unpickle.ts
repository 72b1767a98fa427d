import { PickleBytes } from "./pickle_bytes.ts";

/**
 * Reads a pickle: dicts become Maps; tuples, lists and sets arrays. Nothing in a
 * pickle is executed: classes, functions and their results become undefined.
 *
 * https://docs.python.org/3/library/pickletools.html
 *
 * @throws {SyntaxError} if it is not a pickle, or truncated
 */
export function unpickle(chunks: Iterable<Uint8Array>): unknown {
  using pickle = new Pickle(chunks);
  for (;;) {
    pickle.spend(1);
    const code = String.fromCharCode(pickle.byte());
    if (code === ".") return pickle.pop();
    const step = values.get(code) ?? actions.get(code);
    if (!step) throw pickle.error(`unknown opcode ${code.charCodeAt(0)}`);
    // The step may replace the stack.
    const value = step(pickle);
    if (values.has(code)) pickle.stack.push(value);
    if (pickle.stack.length > maxStack) throw pickle.error("too many values");
  }
}

// Values and lists of a hundred million bytes can be a hundred times as large in
// memory. This is enough for the events of hundreds of thousands of tasks.
const maxCost = 1 << 27;
const maxStack = 1 << 22;
// Each begins a stack.
const maxMarks = 1 << 20;
const listCost = 8;
const dictCost = 128;

/** The stack and memo of the machine that reads a pickle. */
class Pickle extends PickleBytes {
  stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();
  #cost = 0;
  // A mark begins a new stack.
  #below: unknown[][] = [];

  /** Counts memory, by the size of a pointer. */
  spend(cost: number): void {
    this.#cost += cost;
    if (this.#cost > maxCost) throw this.error("too many values");
  }

  /** Removes values from the stack. */
  last(count: number): unknown[] {
    if (this.stack.length < count) throw this.error("the stack is empty");
    return this.stack.splice(-count);
  }

  pop = () => this.last(1)[0];

  top(): unknown {
    if (this.stack.length === 0) throw this.error("the stack is empty");
    return this.stack.at(-1);
  }

  mark(): void {
    this.spend(listCost);
    if (this.#below.length === maxMarks) throw this.error("too many marks");
    this.#below.push(this.stack);
    this.stack = [];
  }

  /** Everything above the last mark. */
  marked(): unknown[] {
    const below = this.#below.pop();
    if (!below) throw this.error("there is no mark");
    const items = this.stack;
    this.stack = below;
    return items;
  }

  recall(number: number): unknown {
    if (this.memo.has(number)) return this.memo.get(number);
    throw this.error(`there is no memo ${number}`);
  }

  list(): unknown[] {
    this.spend(listCost);
    return [];
  }

  dict(): Map<unknown, unknown> {
    this.spend(dictCost);
    return new Map();
  }

  /** Adds items to the list or dict on top; an unknown object drops them. */
  fill(items: readonly unknown[]): void {
    const target = this.top();
    if (Array.isArray(target)) {
      for (const item of items) target.push(item);
    } else if (target instanceof Map) {
      for (let i = 0; i + 1 < items.length; i += 2) {
        target.set(items[i], items[i + 1]);
      }
    }
  }
}

const unescaped = (text: string): string =>
  text.replace(
    /\\u([0-9a-f]{4})/gi,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );

type Step = (pickle: Pickle) => unknown;

/** By each of the codes. */
const byCode = (steps: readonly (readonly [codes: string, step: Step])[]) =>
  new Map(steps.flatMap(([codes, step]) => [...codes].map((c) => [c, step])));

/** Opcodes that push a value. */
const values = byCode([
  ["N", () => null],
  ["\x88", () => true],
  ["\x89", () => false],
  ["I", (p) => p.integerOrTruth()],
  ["L", (p) => p.digits()],
  ["J", (p) => p.int32()],
  ["K", (p) => p.byte()],
  ["M", (p) => p.uint16()],
  ["\x8a", (p) => p.integer(p.byte())],
  ["\x8b", (p) => p.integer(p.int32())],
  ["F", (p) => Number(p.line())],
  ["G", (p) => p.float64()],
  ["S", (p) => p.line().replace(/^(['"])(.*)\1$/s, "$2")],
  ["V", (p) => unescaped(p.line())],
  ["T", (p) => p.text(p.int32())],
  ["X", (p) => p.text(p.uint32())],
  ["U\x8c", (p) => p.text(p.byte())],
  ["\x8d", (p) => p.text(p.uint64())],
  ["B", (p) => p.bytes(p.uint32())],
  ["C", (p) => p.bytes(p.byte())],
  ["\x8e\x96", (p) => p.bytes(p.uint64())],
  ["])\x8f", (p) => p.list()],
  ["}", (p) => p.dict()],
  ["lt\x91", (p) => p.marked()],
  ["\x85", (p) => p.last(1)],
  ["\x86", (p) => p.last(2)],
  ["\x87", (p) => p.last(3)],
  ["2", (p) => p.top()],
  ["g", (p) => p.recall(Number(p.digits()))],
  ["h", (p) => p.recall(p.byte())],
  ["j", (p) => p.recall(p.uint32())],
  // Classes, functions, calls, and references to other files.
  ["c", (p) => void [p.line(), p.line()]],
  ["i", (p) => void [p.line(), p.line(), p.marked()]],
  ["o", (p) => void p.marked()],
  ["R\x81\x93", (p) => void p.last(2)],
  ["\x92", (p) => void p.last(3)],
  ["P", (p) => void p.line()],
  ["Q", (p) => void p.pop()],
  ["\x82", (p) => void p.byte()],
  ["\x83", (p) => void p.uint16()],
  ["\x84", (p) => void p.int32()],
  ["\x97", () => {}],
]);

/** The other opcodes. */
const actions = byCode([
  ["(", (p) => p.mark()],
  ["0b", (p) => p.pop()],
  ["1", (p) => p.marked()],
  ["a", (p) => p.fill(p.last(1))],
  ["s", (p) => p.fill(p.last(2))],
  ["eu\x90", (p) => p.fill(p.marked())],
  ["d", (p) => {
    const items = p.marked();
    p.stack.push(p.dict());
    p.fill(items);
  }],
  ["p", (p) => p.memo.set(Number(p.digits()), p.top())],
  ["q", (p) => p.memo.set(p.byte(), p.top())],
  ["r", (p) => p.memo.set(p.uint32(), p.top())],
  ["\x94", (p) => p.memo.set(p.memo.size, p.top())],
  ["\x80", (p) => p.byte()],
  ["\x95", (p) => p.uint64()],
  ["\x98", () => {}],
]);
