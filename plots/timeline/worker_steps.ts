import { NumberList } from "../rows/number_list.ts";

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
  #from = new NumberList();
  #to = new NumberList();
  #busy = new NumberList();
  #there = new NumberList();
  #isWhole = true;

  /** From a time until another there are more. */
  add(from: number, to: number, busy: number, there: number): void {
    if (!(to > from)) return;
    this.#isWhole &&= busy === 1 && there === 0 || busy === 0 && there === 1;
    this.#from.push(from);
    this.#to.push(to);
    this.#busy.push(busy);
    this.#there.push(there);
  }

  /** How many there were of each, from one change to the next. */
  steps(): WorkerSteps {
    const from = this.#from.values();
    const to = this.#to.values();
    const busy = this.#busy.values();
    const there = this.#there.values();
    if (!this.#isWhole) return sums(from, to, busy, there);
    return counts(
      ...[sortedWhere(from, busy), sortedWhere(to, busy)] as const,
      ...[sortedWhere(from, there), sortedWhere(to, there)] as const,
    );
  }
}

/** The times at which a column is 1, in order; and an end to stop at. */
function sortedWhere(time: Float64Array, column: Float64Array): Float64Array {
  let length = 0;
  for (const is of column) length += is;
  const sorted = new Float64Array(length + 1);
  sorted[length] = Infinity;
  for (let i = 0, place = 0; place < length; i++) {
    if (column[i]) sorted[place++] = time[i]!;
  }
  return sorted.sort();
}

// Whole workers come and go one at a time: how many had come and gone by then is
// read off sorted columns, which is quicker than to look for each change.
function counts(
  busyFrom: Float64Array,
  busyTo: Float64Array,
  thereFrom: Float64Array,
  thereTo: Float64Array,
): WorkerSteps {
  const most = 2 * (busyFrom.length + thereFrom.length);
  const time = new Float64Array(most);
  const busy = new Float64Array(most);
  const there = new Float64Array(most);
  let [a, b, c, d, length] = [0, 0, 0, 0, 0];
  for (;;) {
    const next = Math.min(busyFrom[a]!, busyTo[b]!);
    const now = Math.min(next, thereFrom[c]!, thereTo[d]!);
    if (now === Infinity) break;
    while (busyFrom[a]! <= now) a++;
    while (busyTo[b]! <= now) b++;
    while (thereFrom[c]! <= now) c++;
    while (thereTo[d]! <= now) d++;
    time[length] = now;
    busy[length] = a - b;
    there[length++] = c - d;
  }
  return {
    time: time.subarray(0, length),
    busy: busy.subarray(0, length),
    there: there.subarray(0, length),
  };
}

function sums(
  from: Float64Array,
  to: Float64Array,
  busy: Float64Array,
  there: Float64Array,
): WorkerSteps {
  const sorted = new Float64Array(2 * from.length);
  sorted.set(from);
  sorted.set(to, from.length);
  sorted.sort();
  const time = sorted.filter((value, i) => i === 0 || value > sorted[i - 1]!);
  const sumOf = (more: Float64Array) => {
    const sums = new Float64Array(time.length);
    for (let i = 0; i < more.length; i++) {
      sums[placeOf(time, from[i]!)]! += more[i]!;
      sums[placeOf(time, to[i]!)]! -= more[i]!;
    }
    let now = 0;
    // What is left of a sum of parts is rounding, not a worker.
    return sums.map((sum) => Math.round((now += sum) * 1e6) / 1e6);
  };
  return { time, busy: sumOf(busy), there: sumOf(there) };
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
