import type { Lifelines } from "./lifelines_of.ts";

/** The steps of several lifelines in one order, by what their medians say. */
export function commonSteps(data: readonly Lifelines[]): string[] {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { steps } of data) {
    for (const { name, median, count } of steps) {
      const of = sums.get(name) ?? { sum: 0, count: 0 };
      of.sum += median * count;
      of.count += count;
      sums.set(name, of);
    }
  }
  const mean = (name: string) => {
    const { sum, count } = sums.get(name)!;
    return count ? sum / count : 0;
  };
  return [...sums.keys()].sort((a, b) => mean(a) - mean(b));
}

/** The same lifelines with their steps in another order; others come last. */
export function withSteps(
  data: Lifelines,
  names: readonly string[] | undefined,
): Lifelines {
  if (names === undefined) return data;
  const known = new Map(data.steps.map((step) => [step.name, step]));
  const order = [...new Set([...names, ...known.keys()])];
  const place = new Map(order.map((name, i) => [name, i]));
  const moved = data.steps.map(({ name }) => place.get(name)!);
  return {
    ...data,
    step: data.step.map((n) => moved[n]!),
    steps: order.map((name) =>
      known.get(name) ?? { name, count: 0, median: NaN }
    ),
  };
}
