import type { StepRows } from "./step_rows.ts";

/** How often spans reach each step, and the steps that they end in. */
export function stepEntries({ span, step, steps, spans, length }: StepRows) {
  const entries = new Float64Array(steps.length);
  const rankSum = new Float64Array(steps.length);
  const ends = new Float64Array(steps.length);
  const rank = new Uint32Array(spans.length);
  const last = new Int32Array(spans.length).fill(-1);
  for (let i = 0; i < length; i++) {
    const [s, now] = [span[i]!, step[i]!];
    // Some versions of Parsl write a state twice.
    if (last[s] === now) continue;
    last[s] = now;
    if (now < 0) continue;
    entries[now]!++;
    rankSum[now]! += rank[s]!++;
  }
  for (const now of last) if (now >= 0) ends[now]!++;
  return {
    /** Number of times that a span reached each step. */
    entries,
    /** Mean number of steps that a span took before each. */
    meanRank: rankSum.map((sum, s) => sum / entries[s]!),
    /** Whether most spans that reach a step never leave it. */
    isEnd: steps.map((_, s) => ends[s]! * 2 > entries[s]!),
  };
}
