import {
  member,
  type Members,
  type Merged,
  mostContradictions,
  setMember,
  textOf,
  unchanged,
} from "./records.ts";
import { type Labels, relabelText } from "./labels.ts";

/** Gives members of records other names, and their values other ones. */
export function relabelRecords<T extends object>(
  given: Iterable<T>,
  labels: Labels,
): Merged<T> {
  const merged = unchanged<T>([]);
  const kept = new Map<string, number>();
  const report = (record: T, from: string, to: string) => {
    merged.contradicted++;
    const rule = relabelText(from, to);
    const count = kept.get(rule) ?? 0;
    if (count >= mostContradictions) return;
    kept.set(rule, count + 1);
    const sides = [from, to].map((name) => ({
      values: { [name]: textOf(member(record, name))! },
      record,
    }));
    merged.contradictions.push({ rule, on: {}, sides });
  };
  const all = Object.entries(labels);
  for (const record of given) {
    let now = record;
    for (const [name, label] of all) {
      const text = textOf(member(now, name));
      if (text === undefined) continue;
      if (typeof label !== "string") {
        const value = Object.hasOwn(label, text) ? label[text] : undefined;
        if (value !== undefined && value !== text) {
          now = { ...now };
          setMember(now as Members, name, value);
        }
        continue;
      }
      const there = textOf(member(now, label));
      if (there !== undefined && there !== text) report(record, name, label);
      else now = renamed(now, name, label);
    }
    if (now !== record) merged.changed++;
    merged.records.push(now);
  }
  return merged;
}

/** With the member in the place where it was. */
function renamed<T extends object>(record: T, from: string, to: string): T {
  const result: Members = {};
  for (const [name, value] of Object.entries(record)) {
    if (name === from) setMember(result, to, value);
    else if (name !== to) setMember(result, name, value);
  }
  return result as T;
}
