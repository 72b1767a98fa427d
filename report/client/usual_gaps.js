import { workerOf } from "./relations.js";

/**
 * The times between successive events of each span of a type, and of what belongs
 * to it, by the kinds of both events.
 */
export function gapsOfType(rows, related, entries, type) {
  const { spanType } = rows.columns;
  const roots = new Set();
  spanType.forEach((of, span) => {
    if (of === type) roots.add(span);
  });
  const gaps = new Map();
  for (const root of roots) {
    const { spans } = related.own(root, roots);
    let [lastTime, lastKind] = [NaN, NaN];
    for (const entry of entries.of(spans, workerOf(rows, root))) {
      const row = entries.row(entry);
      const time = rows.times[row];
      if (Number.isNaN(time)) continue;
      const kind = kindOf(rows, entries.span(entry), row);
      if (!Number.isNaN(lastKind)) {
        const known = getOrInsert(
          getOrInsert(gaps, lastKind, () => new Map()),
          kind,
          () => ({ roots: [], seconds: [] }),
        );
        known.roots.push(root);
        known.seconds.push(time - lastTime);
      }
      [lastTime, lastKind] = [time, kind];
    }
  }
  return gaps;
}

/** A number for a type of event of a type of span. */
const kindOf = ({ columns, spanTypes }, span, row) =>
  columns.type[row] * spanTypes.length + columns.spanType[span];

// Map.prototype.getOrInsertComputed() is not in every browser yet.
export function getOrInsert(map, key, make) {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}

/** Returns a function for the usual gap between two events of an entity. */
export function usualGapOf(gaps, rows, { ids, spans }) {
  const except = new Set(ids);
  const known = new Map();
  const kindOfEvent = ({ event_id: row }) =>
    kindOf(rows, rows.spansOf(row).find((span) => spans.has(span)), row);
  return (before, event) => {
    const kinds = [kindOfEvent(before), kindOfEvent(event)];
    return getOrInsert(known, kinds.join(), () => {
      const { roots, seconds } = gaps.get(kinds[0])?.get(kinds[1]) ?? none;
      const others = seconds.filter((_, i) => !except.has(roots[i]));
      return { usual_gap: medianOf(others), others: others.length };
    });
  };
}

const none = { roots: [], seconds: [] };

function medianOf(values) {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low + (high - low) * (middle - Math.floor(middle));
}
