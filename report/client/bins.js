/** Counts of what lies in bins of time: the mean number in each of them. */
export function binCounts(from, until, length) {
  const width = (until - from) / length;
  // Changes between bins, and what the first and last bin of each have.
  const changes = new Float64Array(length + 1);
  const parts = new Float64Array(length);
  return {
    add(start, end) {
      const a = Math.max(0, (start - from) / width);
      const b = Math.min(length, (end - from) / width);
      if (!(b > a)) return;
      const first = Math.min(length - 1, Math.floor(a));
      const last = Math.min(length - 1, Math.floor(b));
      if (first === last) {
        parts[first] += b - a;
        return;
      }
      parts[first] += first + 1 - a;
      parts[last] += b - last;
      changes[first + 1]++;
      changes[last]--;
    },
    means() {
      let now = 0;
      return parts.map((part, i) => part + (now += changes[i]));
    },
  };
}
