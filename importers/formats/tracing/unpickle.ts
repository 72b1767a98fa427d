import { Machine } from "./pickle_machine.ts";
import type { PickleReader } from "./pickle_reader.ts";

/**
 * Reads a pickle: dicts become Maps; tuples, lists and sets arrays. Nothing in a
 * pickle is executed: classes, functions and their results become undefined.
 *
 * https://docs.python.org/3/library/pickletools.html
 *
 * @throws {SyntaxError} if it is not a pickle, or truncated
 */
export function unpickle(bytes: Uint8Array): unknown {
  const machine = new Machine(bytes);
  for (;;) {
    const code = machine.in.byte();
    if (code === stop) return machine.pop();
    const step = steps.get(code);
    if (!step) throw machine.in.error(`unknown opcode ${code}`);
    step(machine);
  }
}

type Step = (machine: Machine) => void;

const stop = ".".charCodeAt(0);

const pushing = (read: (machine: Machine) => unknown): Step => (machine) =>
  machine.push(read(machine));

/** Consumes the arguments of an unknown object. */
const unknown = (take: Step): Step => (machine) => {
  take(machine);
  machine.push(undefined);
};

const lists: [string, Step][] = [
  ["(", (m) => m.mark()],
  ["0", (m) => void m.pop()],
  ["1", (m) => void m.marked()],
  ["2", (m) => m.push(m.top())],
  ["])\x8f", pushing(() => [])],
  ["}", pushing(() => new Map())],
  ["a", (m) => {
    const [item] = m.last(1);
    m.append(m.top(), [item]);
  }],
  ["e\x90", (m) => {
    const items = m.marked();
    m.append(m.top(), items);
  }],
  ["s", (m) => {
    const items = m.last(2);
    m.set(m.top(), items);
  }],
  ["u", (m) => {
    const items = m.marked();
    m.set(m.top(), items);
  }],
  ["lt\x91", pushing((m) => m.marked())],
  ["d", (m) => {
    const items = m.marked();
    m.push(new Map());
    m.set(m.top(), items);
  }],
  ["\x85", pushing((m) => m.last(1))],
  ["\x86", pushing((m) => m.last(2))],
  ["\x87", pushing((m) => m.last(3))],
];

const values: [string, Step][] = [
  ["N", pushing(() => null)],
  ["\x88", pushing(() => true)],
  ["\x89", pushing(() => false)],
  ["I", pushing((m) => integerOrTruth(m.in))],
  ["L", pushing((m) => m.in.digits())],
  ["J", pushing((m) => m.in.int32())],
  ["K", pushing((m) => m.in.byte())],
  ["M", pushing((m) => m.in.uint16())],
  ["\x8a", pushing((m) => m.in.integer(m.in.byte()))],
  ["\x8b", pushing((m) => m.in.integer(m.in.int32()))],
  ["F", pushing((m) => Number(m.in.line()))],
  ["G", pushing((m) => m.in.float64())],
  ["S", pushing((m) => m.in.line().replace(/^(['"])(.*)\1$/s, "$2"))],
  ["V", pushing((m) => unescaped(m.in.line()))],
  ["T", pushing((m) => m.in.text(m.in.int32()))],
  ["X", pushing((m) => m.in.text(m.in.uint32()))],
  ["U\x8c", pushing((m) => m.in.text(m.in.byte()))],
  ["\x8d", pushing((m) => m.in.text(m.in.uint64()))],
  ["B", pushing((m) => m.in.bytes(m.in.uint32()))],
  ["C", pushing((m) => m.in.bytes(m.in.byte()))],
  ["\x8e\x96", pushing((m) => m.in.bytes(m.in.uint64()))],
];

function integerOrTruth(reader: PickleReader): number | bigint | boolean {
  const start = reader.at;
  const line = reader.line();
  if (line === "01" || line === "00") return line === "01";
  reader.at = start;
  return reader.digits();
}

const unescaped = (text: string): string =>
  text.replace(
    /\\u([0-9a-f]{4})/gi,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );

const memos: [string, Step][] = [
  ["p", (m) => void m.memo.set(Number(m.in.digits()), m.top())],
  ["q", (m) => void m.memo.set(m.in.byte(), m.top())],
  ["r", (m) => void m.memo.set(m.in.uint32(), m.top())],
  ["\x94", (m) => void m.memo.set(m.memo.size, m.top())],
  ["g", (m) => m.recall(Number(m.in.digits()))],
  ["h", (m) => m.recall(m.in.byte())],
  ["j", (m) => m.recall(m.in.uint32())],
];

// Classes, functions, calls, and references to other files.
const unknowns: [string, Step][] = [
  ["c", unknown((m) => void [m.in.line(), m.in.line()])],
  ["i", unknown((m) => void [m.in.line(), m.in.line(), m.marked()])],
  ["o", unknown((m) => void m.marked())],
  ["R\x81\x93", unknown((m) => void m.last(2))],
  ["\x92", unknown((m) => void m.last(3))],
  ["b", (m) => void m.pop()],
  ["P", unknown((m) => void m.in.line())],
  ["Q", unknown((m) => void m.pop())],
  ["\x82", unknown((m) => void m.in.byte())],
  ["\x83", unknown((m) => void m.in.uint16())],
  ["\x84", unknown((m) => void m.in.int32())],
  ["\x97", unknown(() => {})],
  ["\x98", () => {}],
];

const steps: ReadonlyMap<number, Step> = new Map(
  [
    ["\x80", (m: Machine) => void m.in.byte()] as [string, Step],
    ["\x95", (m: Machine) => void m.in.uint64()] as [string, Step],
    ...lists,
    ...values,
    ...memos,
    ...unknowns,
  ].flatMap(([codes, step]) =>
    [...codes].map((code) => [code.charCodeAt(0), step] as const)
  ),
);
