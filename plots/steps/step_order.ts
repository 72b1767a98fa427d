import type { LifeSegments } from "./life_segments.ts";
import type { Lifelines } from "./lifelines_of.ts";
import { usualStepOrder } from "./usual_step_order.ts";
import type { Ways } from "./ways.ts";

/** The steps of several lifelines in one order, by the ways of all spans. */
export function commonSteps(data: readonly Lifelines[]): string[] {
  const names = [
    ...new Set(data.flatMap(({ steps }) => steps.map(({ name }) => name))),
  ];
  const number = new Map(names.map((name, n) => [name, n]));
  return usualStepOrder(
    joined(data.map(({ steps, step, ...ways }) => ({
      ...ways,
      step: step.map((n) => number.get(steps[n]!.name)!),
    }))),
    names.length,
  ).map((n) => names[n]!);
}

/** The ways of all as one. */
function joined(all: readonly Ways[]): Ways {
  const length = all.reduce((sum, { step }) => sum + step.length, 0);
  const ways = {
    step: new Int32Array(length),
    since: new Float64Array(length),
  };
  const first = [0];
  for (const { first: own, step, since } of all) {
    const from = first.at(-1)!;
    ways.step.set(step, from);
    ways.since.set(since, from);
    for (const end of own.subarray(1)) first.push(from + end);
  }
  return { ...ways, first: Uint32Array.from(first) };
}

/** Lifelines, and the lines of them. */
export interface LifeDrawing {
  lines: Lifelines;
  drawn: LifeSegments;
}

/** The same with the steps in another order; others come last. */
export function withSteps(
  { lines, drawn }: LifeDrawing,
  names: readonly string[] | undefined,
): LifeDrawing {
  if (names === undefined) return { lines, drawn };
  const known = new Map(lines.steps.map((step) => [step.name, step]));
  const order = [...new Set([...names, ...known.keys()])];
  const place = new Map(order.map((name, i) => [name, i]));
  const moved = lines.steps.map(({ name }) => place.get(name)!);
  return {
    lines: {
      ...lines,
      step: lines.step.map((n) => moved[n]!),
      steps: order.map((name) =>
        known.get(name) ?? { name, count: 0, median: NaN }
      ),
    },
    drawn: {
      ...drawn,
      segments: drawn.segments.map((segment) => ({
        ...segment,
        from: moved[segment.from]!,
        to: moved[segment.to]!,
      })),
    },
  };
}
