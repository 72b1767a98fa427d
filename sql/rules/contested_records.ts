import type { Plan, State } from "./implication.ts";
import { roomFor, sorted, textsOf } from "./record_conflicts.ts";
import { keyOf, member, textOf } from "./records.ts";

// As contested.ts has it for spans: where rules lead to different values of one
// record, it is given none of them.

/** Whether a member is there as it was given. */
const isOwn = <T extends object>(state: State<T>, i: number, name: string) =>
  textOf(member(state.given[i]!, name)) !== undefined;

/**
 * Of left sides that lead to several values, finds those of which only one was
 * given, where the others were implied by other rules. Whether there were any.
 */
export function contestConflicts<T extends object>(
  state: State<T>,
  plan: Plan,
  keys: ReadonlySet<string>,
): boolean {
  const { implies, gives } = plan.rule;
  const own = new Map<string, number | "several">();
  const each = (work: (i: number, key: string) => void) =>
    state.now.forEach((record, i) => {
      const key = keyOf(record, implies);
      if (key === undefined || !keys.has(key)) return;
      if (keyOf(record, gives) !== undefined) work(i, key);
    });
  each((i, key) => {
    if (!gives.every((name) => isOwn(state, i, name))) return;
    const before = own.get(key);
    const isSame = before === undefined || before !== "several" &&
        keyOf(state.now[before]!, gives) === keyOf(state.now[i]!, gives);
    own.set(key, isSame ? before ?? i : "several");
  });
  const odd = new Map<string, number[] | "own">();
  each((i, key) => {
    const known = own.get(key);
    if (known === undefined || known === "several") return;
    const names = differing(state, i, state.now[known]!, gives);
    if (names.length === 0 || odd.get(key) === "own") return;
    if (names.some((name) => isOwn(state, i, name))) odd.set(key, "own");
    else odd.set(key, [...odd.get(key) ?? [] as number[], i] as number[]);
  });
  const groups = [...odd].flatMap(([key, records]) =>
    records === "own" ? [] : [[own.get(key) as number, records] as const]
  );
  if (groups.length === 0) return false;
  // They are learned again, from the start.
  for (const key of keys) plan.contradicted.delete(key);
  contest(state, plan, groups);
  return true;
}

/**
 * Finds records that got some of the rule's values from other rules, and others
 * than the rule leads to. Whether there were any.
 */
export function contestPartial<T extends object>(
  state: State<T>,
  plan: Plan,
): boolean {
  const { rule: { implies, gives }, known } = plan;
  if (gives.length === 1) return false;
  const full = new Map<string, number>();
  const odd = new Map<string, number[]>();
  state.now.forEach((record, i) => {
    const key = keyOf(record, implies);
    if (key === undefined || !known.has(key)) return;
    if (keyOf(record, gives) !== undefined) {
      const before = full.get(key);
      const isFirst = before === undefined ||
        keyOf(state.given[before]!, gives) === undefined &&
          keyOf(state.given[i]!, gives) !== undefined;
      if (isFirst) full.set(key, i);
      return;
    }
    const { texts } = known.get(key)!;
    const names = gives.filter((name, j) => {
      const text = textOf(member(record, name));
      return text !== undefined && text !== texts[j];
    });
    if (names.length === 0) return;
    if (names.some((name) => isOwn(state, i, name))) return;
    const records = odd.get(key) ?? [];
    records.push(i);
    odd.set(key, records);
  });
  if (odd.size === 0) return false;
  const groups = [...odd].map(([key, records]) =>
    [full.get(key)!, records] as const
  );
  contest(state, plan, groups);
  return true;
}

/** The members in which two records differ, where the first has them. */
function differing<T extends object>(
  { now }: State<T>,
  i: number,
  other: T,
  names: readonly string[],
): string[] {
  return names.filter((name) => {
    const text = textOf(member(now[i]!, name));
    return text !== undefined && text !== textOf(member(other, name));
  });
}

/** Notes records, each group with one that has what the rule leads to. */
function contest<T extends object>(
  state: State<T>,
  { rule: { implies, gives }, text }: Plan,
  groups: readonly (readonly [known: number, odd: readonly number[]])[],
): void {
  const { now, given, merged, contested } = state;
  const side = (i: number) => ({
    values: textsOf(now[i]!, gives),
    record: given[i]!,
  });
  const found = groups.map(([known, odd]) => ({
    rule: text,
    on: textsOf(now[known]!, implies) as Record<string, string>,
    sides: [side(known), ...odd.slice(0, mostOdd).map(side)],
  }));
  merged.contradicted += found.length;
  merged.contradictions.push(
    ...sorted(found, ({ on }) => on).slice(0, roomFor(state, text)),
  );
  for (const [known, odd] of groups) {
    for (const i of odd) {
      const names = contested.get(i) ?? new Set();
      for (const name of differing(state, i, now[known]!, gives)) {
        names.add(name);
      }
      contested.set(i, names);
    }
  }
}

/** How many records are kept that are given nothing of what others have. */
const mostOdd = 10;
