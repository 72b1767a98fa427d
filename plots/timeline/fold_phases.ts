import type { Phases } from "./phase_columns.ts";

/** How long all phases of each kind lasted together, in seconds. */
export function timeInPhases(
  { length, start, end, phase, phases }: Phases,
): Float64Array {
  const total = new Float64Array(phases.length);
  for (let i = 0; i < length; i++) total[phase[i]!]! += end[i]! - start[i]!;
  return total;
}

/** Makes one, "other (n)", of all kinds but those that lasted longest. */
export function foldPhases(given: Phases, most: number): Phases {
  const { phases, phase } = given;
  if (phases.length <= most) return given;
  const total = timeInPhases(given);
  const kept = phases.map((_, p) => p)
    .sort((a, b) => total[b]! - total[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
  const folded = new Int32Array(phases.length).fill(kept.length);
  kept.forEach((p, i) => folded[p] = i);
  return {
    ...given,
    phase: phase.map((p) => folded[p]!),
    phases: [
      ...kept.map((p) => phases[p]!),
      `other (${phases.length - kept.length})`,
    ],
  };
}
