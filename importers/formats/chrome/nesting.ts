import type { SpanWriter } from "../../store/span_writer.ts";

/** The slices of a thread in the order of the file; times in microseconds. */
export interface ThreadSlices {
  begins: number[];
  ends: number[];
  ids: number[];
  /** Places of the slices whose end is not read yet, the outer ones first. */
  open: number[];
}

/**
 * Nests each slice of a thread in the one that encloses it and began last, or
 * else in the thread. Some programs write the outer slice first, others the inner one.
 */
export function nestSlices(
  writer: SpanWriter,
  thread: number,
  { begins, ends, ids }: ThreadSlices,
): void {
  const order = Uint32Array.from(ids.keys());
  order.sort((a, b) =>
    begins[a]! - begins[b]! ||
    // Slices that never end have equal ends.
    (ends[a] === ends[b] ? a - b : ends[b]! - ends[a]!)
  );
  const around: number[] = [];
  for (const slice of order) {
    const [begin, end] = [begins[slice]!, ends[slice]!];
    const last = end - roundingOf(end);
    for (let outer = around.at(-1); outer !== undefined;) {
      if (ends[outer]! > begin && ends[outer]! >= last) break;
      around.pop();
      outer = around.at(-1);
    }
    const outer = around.at(-1);
    writer.nest(outer === undefined ? thread : ids[outer]!, ids[slice]!, null);
    around.push(slice);
  }
}

/** How far a sum of a time and a duration may be off. */
const roundingOf = (time: number): number =>
  Number.isFinite(time) ? 1e-3 + Math.abs(time) * 2 ** -51 : 0;
