import { gzipSync } from "node:zlib";
import { identityNames } from "./identity.ts";
import type { Gathered } from "./gather.ts";
import type { Metrics } from "./metrics.ts";
import type { Spans } from "./spans.ts";
import { Dictionary } from "./dictionary.ts";

/**
 * Spans and events for the page: columns of numbers behind a header in JSON,
 * which has the texts that they point to; compressed, in base64. Parsing half a
 * million objects takes a browser seconds, reading columns takes none.
 *
 * Four bytes give the length of the header; it ends, filled up with spaces, at a
 * multiple of 8, as does each column.
 */
export function pack(
  { all }: Spans,
  gathered: Gathered,
  metrics: Metrics,
): string {
  const { texts } = gathered;
  const types = new Dictionary();
  const columns: Record<string, Int32Array | Float64Array> = {
    // Differences of microseconds compress three times better than times.
    time: differences(gathered.times),
    span: Int32Array.from(gathered.spans),
    type: Int32Array.from(gathered.types),
    said: Int32Array.from(gathered.said),
    count: Int32Array.from(gathered.counts),
    source: Int32Array.from(gathered.sources),
    line: Int32Array.from(gathered.lines),
    value: Int32Array.from(gathered.values),
    otherRow: Int32Array.from(gathered.others, ([row]) => row),
    otherSpan: Int32Array.from(gathered.others, ([, span]) => span),
    spanType: Int32Array.from(all, ({ type }) => types.of(type)),
    spanRest: Int32Array.from(
      all,
      ({ rest }) => texts.of(JSON.stringify(rest)),
    ),
  };
  columns.metricSpan = Int32Array.from(metrics.spans);
  columns.metricName = Int32Array.from(metrics.names, (name) => texts.of(name));
  columns.metricCount = Int32Array.from(metrics.counts);
  for (const name of ["least", "mean", "most"] as const) {
    columns[`metric_${name}`] = Float64Array.from(metrics[name]);
  }
  for (const name of identityNames) {
    columns[`span_${name}`] = Int32Array.from(
      all,
      ({ identity }) => texts.of(identity[name]),
    );
  }
  const header = {
    texts: texts.texts,
    typeNames: gathered.typeNames,
    spanTypes: types.texts,
    columns: Object.entries(columns).map(([name, column]) => ({
      name,
      length: column.length,
      bytes: column.BYTES_PER_ELEMENT,
    })),
  };
  const bytes = joined(JSON.stringify(header), Object.values(columns));
  return new Uint8Array(gzipSync(bytes)).toBase64();
}

/** The first time, and of each the microseconds since the one before. */
function differences(times: readonly number[]): Float64Array {
  let before = 0;
  return Float64Array.from(times, (time) => {
    const now = Math.round(time * 1e6);
    const difference = now - before;
    if (!Number.isNaN(now)) before = now;
    return difference;
  });
}

const filledUp = (length: number) => Math.ceil(length / 8) * 8;

function joined(
  header: string,
  columns: readonly (Int32Array | Float64Array)[],
): Uint8Array {
  const text = new TextEncoder().encode(header);
  const start = filledUp(4 + text.length);
  const length = columns.reduce(
    (sum, { byteLength }) => sum + filledUp(byteLength),
    start,
  );
  const bytes = new Uint8Array(length).fill(0x20, 0, start);
  new DataView(bytes.buffer).setUint32(0, start - 4, true);
  bytes.set(text, 4);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += filledUp(byteLength);
  }
  return bytes;
}
