import { fixture } from "../importers/cloud_watch.ts";

const whole = JSON.parse(Deno.readTextFileSync(fixture));

export const encoder = new TextEncoder();

/** An export with the byte offsets of its records. */
export interface Written {
  bytes: Uint8Array;
  places: { start: number; end: number }[];
}

/** Writes records between a header and a footer. */
export function written(
  records: readonly unknown[],
  { head, foot, indent = 0 }: { head: string; foot: string; indent?: number },
): Written {
  const places: { start: number; end: number }[] = [];
  let text = head;
  for (const [i, record] of records.entries()) {
    if (i) text += indent ? ",\n" : ",";
    const start = encoder.encode(text).length;
    text += JSON.stringify(record, null, indent);
    places.push({ start, end: encoder.encode(text).length });
  }
  return { bytes: encoder.encode(text + foot), places };
}

const { results, statistics, status } = whole;
export const rest = JSON.stringify({ statistics, status }).slice(1);

/** Exports of the first records, in each format that CloudWatch writes. */
export function exportsOf(count: number): Record<string, Written> {
  const some = results.slice(0, count);
  const events = some.map((fields: { value: string }[], i: number) => ({
    logStreamName: "s",
    timestamp: 1659518800000 + i,
    message: fields[1]!.value,
  }));
  return {
    "indented rows": written(some, {
      head: '{\n    "results": [\n',
      foot: `\n], ${rest}\n`,
      indent: 4,
    }),
    rows: written(some, { head: '{"results":[', foot: `],${rest}` }),
    "the rows alone": written(some, { head: "[", foot: "]" }),
    events: written(events, {
      head: '{"events":[',
      foot: '],"searchedLogStreams":[]}',
    }),
  };
}

/** Cuts bytes into chunks. */
export function* inChunks(
  bytes: Uint8Array,
  length: number,
): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    yield bytes.slice(at, at + length);
  }
}
