/**
 * How values of several series lie in one chart: one on the other as they are
 * (`counts`), each as a share of all (`shares`), one on the other around a
 * middle (`streamgraph`), or each from zero (`lines`).
 */
export type Stacking = "counts" | "shares" | "streamgraph" | "lines";

/** The value of a series that holds for some time. */
export interface StepValue {
  /** From when, in seconds. */
  time: number;
  /** Until when, in seconds. */
  until: number;
  /** Which series. */
  name: string;
  /** The value, or the mean of several. */
  value: number;
  /** The least of them. */
  minimum: number;
  /** The greatest of them. */
  maximum: number;
}

/** A value with the place that it has in a stack. */
export interface StackedValue extends StepValue {
  /** Where it begins. */
  y1: number;
  /** Where it ends. */
  y2: number;
}

/**
 * Values one on the other, in the order in which they come. Steps of a stream
 * lie around zero: its thickness is the sum.
 */
export function stackValues(
  values: readonly StepValue[],
  stacking: Exclude<Stacking, "lines">,
): StackedValue[] {
  const height = new Map<number, number>();
  const total = stacking === "counts" ? height : totals(values);
  return values.map((step) => {
    const below = height.get(step.time) ?? 0;
    height.set(step.time, below + step.value);
    const all = total.get(step.time) ?? 0;
    const above = below + step.value;
    if (stacking === "counts") return { ...step, y1: below, y2: above };
    if (stacking === "streamgraph") {
      return { ...step, y1: below - all / 2, y2: above - all / 2 };
    }
    return { ...step, y1: below / (all || 1), y2: above / (all || 1) };
  });
}

function totals(values: readonly StepValue[]): Map<number, number> {
  const total = new Map<number, number>();
  for (const { time, value } of values) {
    total.set(time, (total.get(time) ?? 0) + value);
  }
  return total;
}

/**
 * The values of each series from end to end, with zeros where it has none, and
 * neighbours that are equal made one: what a line is drawn from.
 */
export function filledSteps(
  values: readonly StepValue[],
  [first, last]: readonly [number, number],
): StepValue[] {
  return [...Map.groupBy(values, ({ name }) => name)]
    .flatMap(([name, own]) => {
      const filled: StepValue[] = [];
      const zero = (time: number, until: number) => {
        if (until > time) filled.push({ time, until, name, ...nothing });
      };
      let end = first;
      for (const step of own.toSorted((a, b) => a.time - b.time)) {
        zero(end, step.time);
        filled.push(step);
        end = step.until;
      }
      zero(end, last);
      return filled;
    });
}

const nothing = { value: 0, minimum: 0, maximum: 0 };
