/**
 * How a record of an export begins: as a row of get-query-results, as an event
 * of filter-log-events or get-log-events, or as a row that the console wrote.
 * Inside of a text there is a backslash before each quote, so that none of its
 * own looks like this.
 */
const record =
  /\[\s*\{\s*"(?:field|value)"\s*:|(?<!:\s*)\{\s*(?:"(?:@\w+|eventId|ingestionTime|logStreamName)"\s*:|"timestamp"\s*:\s*\d{13}\b)/
    .source;

const beginning = new RegExp(
  String.raw`^(?:\ufeff|ï»¿)?\s*(?:\[\s*(?:${record})|\{\s*"(?:${
    [
      ...["results", "statistics", "status", "queryLanguage"],
      ...["encryptionKey", "events", "searchedLogStreams"],
      ...[String.raw`next\w*Token`, "ResponseMetadata"],
    ].join("|")
  })"\s*:)`,
);

const inArray = new RegExp(
  String.raw`^\s*\[|"(?:results|events)"\s*:\s*\[\s*(?:${record})`,
);

// An export of nothing looks like much else.
const empty = /"(?:results|events)"\s*:\s*\[\s*\]/;
const others = /"(?:statistics|searchedLogStreams|next\w*Token)"\s*:/;

const mostLookedAt = 1 << 16;

/** Whether a file is an export of CloudWatch's, by its first bytes. */
export function isExport(start: Uint8Array): boolean {
  const text = lettersOf(start.subarray(0, mostLookedAt));
  return beginning.test(text) &&
    (inArray.test(text) || empty.test(text) && others.test(text));
}

/** Where the first record of these bytes begins, if one does. */
export function recordStart(bytes: Uint8Array): number | undefined {
  const at = lettersOf(bytes).search(recordAnywhere);
  return at < 0 ? undefined : at;
}

const recordAnywhere = new RegExp(record);

/** Bytes as text, a letter for each. */
export const lettersOf = (bytes: Uint8Array): string => latin1.decode(bytes);

const latin1 = new TextDecoder("latin1");
