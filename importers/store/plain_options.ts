import type { ImportOptions, RecordsWanted } from "./options.ts";

/** Options made plain: a zone that exists, attributes as canonical text. */
export interface PlainOptions {
  /** JSON. */
  attributes: string;
  /** A name that the machine knows. */
  timeZone: string;
  records?: RecordsWanted | undefined;
}

/** Checks options before anything is read. */
export function plainOptions(
  { attributes = {}, timeZone = Temporal.Now.timeZoneId(), records }:
    ImportOptions,
): PlainOptions {
  for (const [name, value] of Object.entries(attributes)) {
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw new TypeError(
        `the attribute ${JSON.stringify(name)} must be text, a number or a ` +
          `boolean; it is ${value === null ? "null" : typeof value}`,
      );
    }
  }
  const texts = Object.entries(attributes)
    .map(([name, value]) => [name, String(value)])
    .sort();
  return {
    attributes: JSON.stringify(Object.fromEntries(texts)),
    timeZone: knownZone(timeZone),
    records: knownRecords(records),
  };
}

function knownRecords(
  records: RecordsWanted | undefined,
): RecordsWanted | undefined {
  const isKnown = records === undefined || Array.isArray(records) &&
      records.every((key) => typeof key === "string") ||
    ["all", "unmatched", "none"].includes(records as string);
  if (isKnown) return records;
  throw new TypeError(
    'records must be "all", "unmatched", "none" or an array of the names of ' +
      `members; it is ${JSON.stringify(records)}`,
  );
}

function knownZone(timeZone: string): string {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return timeZone;
  } catch {
    throw new RangeError(
      `there is no time zone ${JSON.stringify(timeZone)}: give a name of the ` +
        'IANA database, such as "Europe/Paris" or "UTC"',
    );
  }
}
