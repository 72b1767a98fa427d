import { checkRules } from "./check.ts";
import type { ImpliesRule } from "./rules.ts";
import type { Known, Plan, State } from "./implication.ts";
import { contestConflicts, contestPartial } from "./contested_records.ts";
import { noteConflicts, notePartial } from "./record_conflicts.ts";
import {
  keyOf,
  member,
  type Members,
  type Merged,
  setMember,
  textOf,
  unchanged,
} from "./records.ts";

/**
 * Implications over records, to a fixpoint, as bind() has them over spans: what
 * a contradiction found later had led to is taken back.
 */
export function implyRecords<T extends object>(
  records: Iterable<T>,
  rules: Iterable<ImpliesRule>,
): Merged<T> {
  // By their text, so that the order in which they were given does not tell.
  const inOrder = [...checkRules(rules)].sort(([a], [b]) => a < b ? -1 : 1);
  const plans = inOrder.map(([text, rule]) => ({
    ...{ rule, text, known: new Map(), contradicted: new Set<string>() },
  }));
  const given = [...records];
  const state: State<T> = {
    ...{ given, now: [...given], plans, merged: unchanged(given) },
    contested: new Map(),
  };
  while (!reachFixpoint(state)) {
    state.now = [...given];
    for (const plan of plans) plan.known.clear();
  }
  for (const plan of plans) notePartial(state, plan);
  const { merged, now } = state;
  merged.records = now;
  now.forEach((record, i) => merged.changed += Number(record !== given[i]));
  return merged;
}

/** Whether it was reached without something implied turning out contradicted. */
function reachFixpoint<T extends object>(state: State<T>): boolean {
  const seen = new Set<Plan>();
  let waiting = new Set(state.plans);
  while (waiting.size > 0) {
    const now = waiting;
    waiting = new Set();
    for (const plan of now) {
      const fresh = learn(state, plan);
      if (fresh.size > 0) {
        if (contestConflicts(state, plan, fresh)) return false;
        noteConflicts(state, plan, fresh);
        if (seen.has(plan)) return false;
      }
      seen.add(plan);
      if (!apply(state, plan)) continue;
      for (const other of state.plans) {
        const names = [...other.rule.implies, ...other.rule.gives];
        const isAbout = plan.rule.gives.some((name) => names.includes(name));
        if (other !== plan && isAbout) waiting.add(other);
      }
    }
  }
  return !state.plans.some((plan) => contestPartial(state, plan));
}

/** Learns what leads to what; the left sides that lead to several values. */
function learn<T extends object>(
  { now }: State<T>,
  { rule, known, contradicted }: Plan,
): Set<string> {
  const fresh = new Set<string>();
  for (const record of now) {
    if (lacksOne(record, rule.gives)) continue;
    const key = keyOf(record, rule.implies);
    if (key === undefined || contradicted.has(key)) continue;
    const values = rule.gives.map((name) => member(record, name));
    const texts = values.map(textOf);
    const before = known.get(key);
    if (before === undefined) {
      known.set(key, { texts: texts as string[], values });
    } else if (before.texts.some((text, i) => text !== texts[i])) {
      fresh.add(key);
    } else {
      values.forEach((value, i) => {
        if (value !== before.values[i]) before.values[i] = texts[i];
      });
    }
  }
  for (const key of fresh) {
    contradicted.add(key);
    known.delete(key);
  }
  return fresh;
}

/** Gives the values to the records that lack them; whether there were any. */
function apply<T extends object>(state: State<T>, plan: Plan): boolean {
  const { rule: { implies, gives }, known } = plan;
  let changed = false;
  state.now.forEach((record, i) => {
    if (!lacksOne(record, gives)) return;
    const key = keyOf(record, implies);
    const found = key === undefined ? undefined : known.get(key);
    if (found === undefined || !fits(record, gives, found)) return;
    const contested = state.contested.get(i);
    if (contested && gives.some((name) => contested.has(name))) return;
    const wider = { ...record };
    gives.forEach((name, i) => {
      if (textOf(member(record, name)) !== undefined) return;
      setMember(wider as Members, name, found.values[i]);
    });
    state.now[i] = wider;
    changed = true;
  });
  return changed;
}

function lacksOne(record: object, names: readonly string[]): boolean {
  return names.some((name) => textOf(member(record, name)) === undefined);
}

/** Whether the values that it has are those that are known. */
function fits(
  record: object,
  names: readonly string[],
  { texts }: Known,
): boolean {
  return names.every((name, i) => {
    const text = textOf(member(record, name));
    return text === undefined || text === texts[i];
  });
}
