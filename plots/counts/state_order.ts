import { foldNames, isOther } from "../rows/series.ts";
import type { StateChanges } from "./state_changes.ts";

/**
 * The states from the bottom of a stack to its top. States in which spans end
 * lie at the bottom, the commonest first: the work that is done grows from the
 * ground. Above them the others, the later in a span's life the lower, so that
 * what waits lies on top.
 */
export function stackOrder(
  { span, state, states, spans, length }: StateChanges,
): number[] {
  const entries = new Float64Array(states.length);
  const ends = new Float64Array(states.length);
  const rankSum = new Float64Array(states.length);
  const rank = new Uint32Array(spans);
  const last = new Int32Array(spans).fill(-1);
  for (let i = 0; i < length; i++) {
    const s = span[i]!;
    // Some versions write a state twice: it is entered once.
    if (last[s] === state[i]) continue;
    last[s] = state[i]!;
    if (state[i]! < 0) continue;
    entries[state[i]!]!++;
    rankSum[state[i]!]! += rank[s]!++;
  }
  for (const state of last) if (state >= 0) ends[state]!++;
  const place = states.map((state, s) => {
    if (isOther(state)) return -1;
    return ends[s]! * 2 > entries[s]!
      ? length + entries[s]!
      : rankSum[s]! / entries[s]!;
  });
  return states.map((_, s) => s)
    .sort((a, b) => place[b]! - place[a]! || b - a);
}

/** Makes one state, "other (n)", of all but those that spans are in longest. */
export function foldStates(
  changes: StateChanges,
  mostStates: number,
): StateChanges {
  const { states, state } = changes;
  if (states.length <= mostStates) return changes;
  const { names, places } = foldNames(
    states,
    timeInStates(changes),
    mostStates,
  );
  return {
    ...changes,
    state: state.map((s) => s < 0 ? s : places[s]!),
    states: names,
  };
}

function timeInStates(
  { time, span, state, length, states, spans }: StateChanges,
): Float64Array {
  const result = new Float64Array(states.length);
  const since = new Float64Array(spans);
  const current = new Int32Array(spans).fill(-1);
  for (let i = 0; i < length; i++) {
    const s = span[i]!;
    if (current[s]! >= 0) result[current[s]!]! += time[i]! - since[s]!;
    current[s] = state[i]!;
    since[s] = time[i]!;
  }
  current.forEach((state, s) => {
    if (state >= 0) result[state]! += time[length - 1]! - since[s]!;
  });
  return result;
}
