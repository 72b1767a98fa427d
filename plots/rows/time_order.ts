import { groupRows, valuesAt } from "./group_rows.ts";

/**
 * The places of times in ascending order; equal times keep the given order, and
 * NaN is left out.
 */
export function timeOrder(time: Float64Array): Uint32Array {
  const places = numberPlaces(time);
  sortByTime(places, time);
  return places;
}

/** The places of the values that are not NaN. */
export function numberPlaces(values: Float64Array): Uint32Array {
  const places = new Uint32Array(values.length);
  let length = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) places[length++] = i;
  }
  return places.subarray(0, length);
}

// Larger buckets are divided again.
const maxBucket = 32;

// A sort by as many buckets as there are times, over their range: linear, and
// several times as quick as a sort with a comparison.
function sortByTime(places: Uint32Array, time: Float64Array): void {
  const { length } = places;
  let [low, high, isSorted] = [Infinity, -Infinity, true];
  for (let k = 0; k < length; k++) {
    const value = time[places[k]!]!;
    isSorted &&= high <= value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (isSorted) return;
  const scale = (length - 1) / (high - low);
  const { rows, first } = groupRows(
    length,
    length,
    (k) => Math.floor((time[places[k]!]! - low) * scale),
  );
  places.set(valuesAt(places, rows));
  for (let bucket = 0; bucket < length; bucket++) {
    const [from, to] = [first[bucket]!, first[bucket + 1]!];
    if (to - from > maxBucket) sortByTime(places.subarray(from, to), time);
  }
  // An insertion sort, which moves places within their buckets only.
  for (let k = 1; k < length; k++) {
    const place = places[k]!;
    const value = time[place]!;
    let at = k;
    for (; at > 0 && time[places[at - 1]!]! > value; at--) {
      places[at] = places[at - 1]!;
    }
    places[at] = place;
  }
}
