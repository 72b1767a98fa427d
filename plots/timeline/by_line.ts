/** Things that lie in lines, as columns of one length. */
export interface InLines {
  line: Uint32Array;
  start: Float64Array;
  end: Float64Array;
}

/**
 * The places of all things, line by line, and within a line by their start;
 * what has no length comes before what begins with it. The things of line `l`
 * are at the places from `first[l]` to `first[l + 1]`.
 */
export function placesByLine(
  { line, start, end }: InLines,
  lines: number,
): { places: Uint32Array; first: Uint32Array } {
  const first = new Uint32Array(lines + 1);
  for (let i = 0; i < line.length; i++) first[line[i]! + 1]!++;
  for (let l = 0; l < lines; l++) first[l + 1]! += first[l]!;
  const next = first.slice();
  const places = new Uint32Array(line.length);
  for (let i = 0; i < line.length; i++) places[next[line[i]!]!++] = i;
  const compare = (a: number, b: number) =>
    start[a]! - start[b]! || end[a]! - end[b]! || a - b;
  for (let l = 0; l < lines; l++) {
    const own = places.subarray(first[l]!, first[l + 1]!);
    // Rows mostly come in order, and to look is quicker than to sort.
    for (let k = 1; k < own.length; k++) {
      if (compare(own[k - 1]!, own[k]!) > 0) {
        own.sort(compare);
        break;
      }
    }
  }
  return { places, first };
}
