/** From `time` on so many workers were there, and so many of them busy. */
export interface WorkerSteps {
  /** In seconds, rising. */
  time: Float64Array;
  /** How many were busy. */
  busy: Float64Array;
  /** How many were there. */
  there: Float64Array;
}

/** Collects from when to when so many workers more were busy or there. */
export class StepChanges {
  #time: Float64Array;
  #busy: Float64Array;
  #there: Float64Array;
  #length = 0;
  #isWhole = true;

  /** For at most so many changes: two for each stretch of time. */
  constructor(most: number) {
    this.#time = new Float64Array(most);
    this.#busy = new Float64Array(most);
    this.#there = new Float64Array(most);
  }

  /** From a time until another there are more. */
  add(from: number, to: number, busy: number, there: number): void {
    if (!(to > from)) return;
    this.#isWhole &&= (busy === 0 || busy === 1) &&
      (there === 0 || there === 1);
    this.#put(from, busy, there);
    this.#put(to, -busy, -there);
  }

  #put(time: number, busy: number, there: number) {
    const place = this.#length++;
    this.#time[place] = time;
    this.#busy[place] = busy;
    this.#there[place] = there;
  }

  /** How many there were of each, from one change to the next. */
  steps(): WorkerSteps {
    const changed = this.#time.subarray(0, this.#length);
    const sorted = changed.slice().sort();
    const time = sorted.filter((value, i) => i === 0 || value > sorted[i - 1]!);
    return this.#isWhole
      ? {
        time,
        busy: countAt(time, changed, this.#busy),
        there: countAt(time, changed, this.#there),
      }
      : {
        time,
        busy: sumAt(time, changed, this.#busy),
        there: sumAt(time, changed, this.#there),
      };
  }
}

// Whole workers come and go one at a time: how many had come and gone by then is
// read off two sorted columns, which is quicker than to look for each change.
function countAt(
  time: Float64Array,
  changed: Float64Array,
  change: Float64Array,
): Float64Array {
  const come = changed.filter((_, i) => change[i]! > 0).sort();
  const gone = changed.filter((_, i) => change[i]! < 0).sort();
  let [a, b] = [0, 0];
  return time.map((now) => {
    while (a < come.length && come[a]! <= now) a++;
    while (b < gone.length && gone[b]! <= now) b++;
    return a - b;
  });
}

function sumAt(
  time: Float64Array,
  changed: Float64Array,
  change: Float64Array,
): Float64Array {
  const sums = new Float64Array(time.length);
  changed.forEach((value, i) => sums[placeOf(time, value)]! += change[i]!);
  let now = 0;
  // What is left of a sum of parts is rounding, not a worker.
  return sums.map((sum) => Math.round((now += sum) * 1e6) / 1e6);
}

/** Where a value is in a column that has it, and rises. */
function placeOf(column: Float64Array, value: number): number {
  let [low, high] = [0, column.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
