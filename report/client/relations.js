/** The worker that a span is, if it is one. */
export const workerOf = (rows, span) =>
  rows.spanRole(span) === "worker" ? rows.attributesOf(span).worker : undefined;

/** Which spans are nested in each, and which are equal to it. */
export function relations(rows) {
  const { nestedA, nestedB, equalA, equalB, spanType } = rows.columns;
  const nested = lists(rows.spanCount, nestedA, nestedB);
  const equal = lists(
    rows.spanCount,
    joined(equalA, equalB),
    joined(equalB, equalA),
  );
  return {
    nested,
    equal,
    /**
     * The spans that belong to a root, as in own_spans.sql; and other roots of
     * its type that are nested in it.
     */
    own(root, roots) {
      const spans = new Set([root]);
      const others = new Set();
      for (const span of spans) {
        for (const inner of nested(span)) {
          const isOther = inner !== root && roots.has(inner) &&
            spanType[inner] === spanType[root];
          (isOther ? others : spans).add(inner);
        }
        for (const same of equal(span)) spans.add(same);
      }
      return { spans, others };
    },
  };
}

function joined(a, b) {
  const values = new Int32Array(a.length + b.length);
  values.set(a);
  values.set(b, a.length);
  return values;
}

/** Returns a function for the list of second numbers of each first number. */
export function lists(length, firsts, seconds) {
  const starts = new Int32Array(length + 1);
  for (const first of firsts) starts[first + 1]++;
  for (let i = 0; i < length; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const values = new Int32Array(firsts.length);
  for (let i = 0; i < firsts.length; i++) {
    values[next[firsts[i]]++] = seconds[i];
  }
  return (first) => values.subarray(starts[first], starts[first + 1]);
}

/** The outermost of some spans, as in entities.sql. */
export function outermost({ nested, equal }, matched) {
  const top = new Set(matched);
  for (const span of matched) {
    for (const inner of nested(span)) if (inner !== span) top.delete(inner);
  }
  const within = new Set(top);
  for (const span of within) {
    for (const inner of [...nested(span), ...equal(span)]) within.add(inner);
  }
  // Spans that are nested in a circle.
  const circular = matched.filter((span) => !within.has(span));
  return [...top, ...circular].sort((a, b) => a - b);
}

/**
 * Pairs of rows and their spans in the order of rows, which are the events of
 * the database: a line about three spans is three of them.
 */
export function entriesBySpan(rows) {
  const { span } = rows.columns;
  const counts = new Int32Array(rows.length);
  let length = 0;
  for (let row = 0; row < rows.length; row++) {
    counts[row] = 1 + (rows.otherSpans.get(row)?.length ?? 0);
    length += counts[row];
  }
  const [ofRow, ofSpan] = [new Int32Array(length), new Int32Array(length)];
  let next = 0;
  for (let row = 0; row < rows.length; row++) {
    ofRow[next] = row;
    ofSpan[next++] = span[row] < 0 ? rows.spanCount : span[row];
    if (counts[row] === 1) continue;
    for (const other of rows.otherSpans.get(row)) {
      ofRow[next] = row;
      ofSpan[next++] = other;
    }
  }
  const bySpan = lists(
    rows.spanCount + 1,
    ofSpan,
    Int32Array.from(ofRow.keys()),
  );
  return {
    row: (entry) => ofRow[entry],
    span: (entry) => ofSpan[entry],
    /** The entries of spans, without those that name another worker. */
    of(spans, worker) {
      const found = [];
      for (const span of spans) {
        for (const entry of bySpan(span)) {
          found.push(entry);
        }
      }
      const known = worker === undefined
        ? found
        : found.filter((entry) =>
          rows.columns.attributes[ofRow[entry]] === 0 ||
          String(rows.attributes(ofRow[entry]).worker ?? worker) === worker
        );
      return Int32Array.from(known).sort();
    },
  };
}
