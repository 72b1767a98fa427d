/** Names, the lesser of them folded into one. */
export interface FoldedNames {
  names: string[];
  /** For each of the given names, its place in `names`. */
  places: Int32Array;
  /** How many names the last one stands for; 0 if nothing was folded. */
  folded: number;
}

/**
 * Keeps the `max` names of the greatest weight, in their order, and makes one
 * name, "other (n)", of all others.
 */
export function foldNames(
  names: readonly string[],
  weights: ArrayLike<number>,
  max: number,
): FoldedNames {
  const order = names.map((_, i) => i);
  const places = Int32Array.from(order);
  if (names.length <= max) return { names: [...names], places, folded: 0 };
  const kept = order.toSorted((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, max).sort((a, b) => a - b);
  const folded = names.length - kept.length;
  places.fill(kept.length);
  kept.forEach((old, place) => places[old] = place);
  return {
    names: [...kept.map((i) => names[i]!), `other (${folded})`],
    places,
    folded,
  };
}

/** Whether a name stands for several that were folded. */
export const isOther = (name: string): boolean => /^other \(\d+\)$/.test(name);
