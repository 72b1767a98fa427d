import type { Plan, State } from "./implication.ts";
import {
  keyOf,
  member,
  mostContradictions,
  type RecordSide,
  textOf,
} from "./records.ts";

/** How many records are kept that do not fit what the others say. */
const mostOdd = 10;

/** What is said of a left side, by its values. */
interface Said<T> {
  on: Record<string, string>;
  sides: Map<string, RecordSide<T> & { isOwn: boolean }>;
}

/**
 * Notes left sides that lead to several values, with a record for each: one
 * that was given with it, if there is any.
 */
export function noteConflicts<T extends object>(
  state: State<T>,
  { rule: { implies, gives }, text }: Plan,
  keys: ReadonlySet<string>,
): void {
  const all = new Map<string, Said<T>>();
  const room = roomFor(state, text);
  for (const key of [...keys].sort().slice(0, room)) {
    all.set(key, { on: {}, sides: new Map() });
  }
  state.merged.contradicted += keys.size;
  state.now.forEach((record, i) => {
    const key = keyOf(record, implies);
    const said = key === undefined ? undefined : all.get(key);
    const value = keyOf(record, gives);
    if (said === undefined || value === undefined) return;
    const given = state.given[i]!;
    const isOwn = keyOf(given, gives) !== undefined;
    const known = said.sides.get(value);
    if (known && (known.isOwn || !isOwn)) return;
    said.on = textsOf(record, implies) as Said<T>["on"];
    const values = textsOf(record, gives);
    said.sides.set(value, { values, record: given, isOwn });
  });
  const inOrder = sorted([...all.values()], ({ on }) => on);
  for (const { on, sides } of inOrder) {
    state.merged.contradictions.push({
      ...{ rule: text, on },
      sides: sorted([...sides.values()], ({ values }) => values)
        .map(({ values, record }) => ({ values, record })),
    });
  }
}

/**
 * Notes records that have some of the values, and others than those that the
 * left side leads to.
 */
export function notePartial<T extends object>(
  state: State<T>,
  { rule: { implies, gives }, text, known }: Plan,
): void {
  // Of one value, a record that lacks it has none that could differ.
  if (gives.length === 1) return;
  const odd = new Map<string, RecordSide<T>[]>();
  const side = (record: T, i: number) => ({
    values: textsOf(record, gives),
    record: state.given[i]!,
  });
  state.now.forEach((record, i) => {
    if (keyOf(record, gives) !== undefined) return;
    const key = keyOf(record, implies);
    if (key === undefined || !known.has(key)) return;
    const sides = odd.get(key) ?? [];
    if (sides.length < mostOdd) sides.push(side(record, i));
    odd.set(key, sides);
  });
  if (odd.size === 0) return;
  state.merged.contradicted += odd.size;
  const wanted = new Set([...odd.keys()].sort().slice(0, roomFor(state, text)));
  state.now.forEach((record, i) => {
    const key = keyOf(record, implies);
    if (key === undefined || !wanted.has(key)) return;
    if (keyOf(record, gives) === undefined) return;
    wanted.delete(key);
    state.merged.contradictions.push({
      ...{ rule: text, on: textsOf(record, implies) as Record<string, string> },
      sides: [side(record, i), ...odd.get(key)!],
    });
  });
}

/** In the order of what is said, which the order of the records does not touch. */
export function sorted<S>(all: S[], said: (each: S) => object): S[] {
  const text = (each: S) => JSON.stringify(Object.values(said(each)));
  return all.sort((a, b) => text(a) < text(b) ? -1 : 1);
}

/** How many more contradictions are kept of a rule. */
export function roomFor<T>({ merged }: State<T>, text: string): number {
  const kept = merged.contradictions.filter(({ rule }) => rule === text);
  return mostContradictions - kept.length;
}

/** Members as text, by their names. */
export function textsOf(record: object, names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => [name, textOf(member(record, name)) ?? null]),
  );
}
