import type { Gathered } from "./gather.ts";
import type { Spans } from "./spans.ts";

/** Run by run: which share of the tasks or tries has a step. */
export interface Coverage {
  run: string;
  type: string;
  event: string;
  /** Of what the share is. */
  of: "tries" | "tasks";
  having: number;
  all: number;
}

/** Counts for each named event which tries, or which tasks, have it. */
export function coverageOf({ all }: Spans, gathered: Gathered): Coverage[] {
  const whole = new Map<string, Set<string>>();
  const steps = new Map<string, { step: Coverage; having: Set<string> }>();
  // A span is one task's or try's: it is looked up once.
  const units = all.map(({ identity }) => {
    if (identity.run === undefined || identity.task === undefined) return;
    const of = identity.try === undefined ? "tasks" : "tries";
    const key = JSON.stringify([identity.task, identity.try]);
    add(whole, JSON.stringify([identity.run, of]), key);
    return { run: identity.run, of, key } as const;
  });
  gathered.spans.forEach((span, row) => {
    const unit = units[span];
    const [event, named] = gathered.typeNames[gathered.types[row]!]!;
    if (!unit || !named) return;
    const { run, of } = unit;
    const { type } = all[span]!;
    const key = JSON.stringify([run, type, event, of]);
    let found = steps.get(key);
    if (!found) {
      const step = { run, type, event, of, having: 0, all: 0 };
      steps.set(key, found = { step, having: new Set() });
    }
    found.having.add(unit.key);
  });
  return [...steps.values()].map(({ step, having }) => ({
    ...step,
    having: having.size,
    all: whole.get(JSON.stringify([step.run, step.of]))!.size,
  })).sort((a, b) =>
    compare(a.run, b.run) || compare(a.type, b.type) || b.having - a.having
  );
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  let set = sets.get(key);
  if (!set) sets.set(key, set = new Set());
  set.add(value);
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;
