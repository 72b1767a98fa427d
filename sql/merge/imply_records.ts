import { checkRules } from "../bind/check.ts";
import type { ImpliesRule } from "../bind/rules.ts";
import type { Plan, State } from "./implication.ts";
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
  const plans = Array.from(checkRules(rules), ([text, rule]) => ({
    ...{ rule, text, known: new Map(), contradicted: new Set<string>() },
  }));
  const given = [...records];
  const state = { given, now: [...given], plans, merged: unchanged(given) };
  while (!reachFixpoint(state)) {
    state.now = [...given];
    for (const plan of plans) plan.known.clear();
  }
  for (const plan of plans) notePartial(state, plan);
  const { merged, now } = state;
  merged.records = now;
  merged.changed = now.filter((record, i) => record !== given[i]).length;
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
  return true;
}

/** Learns what leads to what; the left sides that lead to several values. */
function learn<T extends object>(
  { now }: State<T>,
  { rule, known, contradicted }: Plan,
): Set<string> {
  const fresh = new Set<string>();
  for (const record of now) {
    const key = keyOf(record, rule.implies);
    if (key === undefined || contradicted.has(key)) continue;
    const values = rule.gives.map((name) => member(record, name));
    const texts = values.map(textOf);
    if (texts.includes(undefined)) continue;
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
    const texts = gives.map((name) => textOf(member(record, name)));
    if (!texts.includes(undefined)) return;
    const key = keyOf(record, implies);
    const found = key === undefined ? undefined : known.get(key);
    const fits = found?.texts.every((text, i) =>
      texts[i] === undefined || texts[i] === text
    );
    if (!found || !fits) return;
    const wider = { ...record };
    gives.forEach((name, i) => {
      if (texts[i] === undefined) {
        setMember(wider as Members, name, found.values[i]);
      }
    });
    state.now[i] = wider;
    changed = true;
  });
  return changed;
}
