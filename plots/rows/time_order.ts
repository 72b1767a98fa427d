/**
 * The places of times in ascending order; equal times keep the given order. No
 * time may be NaN.
 */
export function timeOrder(time: Float64Array): Uint32Array<ArrayBuffer> {
  let order = new Uint32Array(time.length);
  let isSorted = true;
  for (let i = 0; i < time.length; i++) {
    order[i] = i;
    isSorted &&= i === 0 || time[i - 1]! <= time[i]!;
  }
  if (isSorted) return order;
  if (time.length < 4096) {
    return order.sort((a, b) => time[a]! - time[b]! || a - b);
  }
  // A radix sort of the numbers' bits, 16 at a time: seven times as quick as a
  // sort with a comparison.
  const digits = sortableBits(time);
  let next = new Uint32Array(time.length);
  for (let digit = 0; digit < 4; digit++) {
    const places = new Uint32Array(2 ** 16 + 1);
    for (let i = digit; i < digits.length; i += 4) places[digits[i]! + 1]!++;
    // The first bits of all times of a year are the same.
    if (places[digits[digit]! + 1] === time.length) continue;
    for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!;
    for (const i of order) next[places[digits[4 * i + digit]!]!++] = i;
    [order, next] = [next, order];
  }
  return order;
}

/** Numbers as four digits of 16 bits, the lowest first, that sort like them. */
function sortableBits(numbers: Float64Array): Uint16Array {
  // Adding 0 makes -0 the same as 0.
  const digits = new Uint16Array(numbers.map((value) => value + 0).buffer);
  for (let i = 0; i < digits.length; i += 4) {
    const isNegative = digits[i + 3]! >= 0x8000;
    const flip = isNegative ? 0xffff : 0;
    digits[i]! ^= flip;
    digits[i + 1]! ^= flip;
    digits[i + 2]! ^= flip;
    digits[i + 3]! ^= isNegative ? flip : 0x8000;
  }
  return digits;
}
