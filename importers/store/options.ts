import type { OptionNames } from "../../display/text/mistakes.ts";
import type { Rule } from "../../sql/mod.ts";
import { localZone } from "../clock/clock.ts";

/** Options of every importer. */
export interface ImportOptions {
  /**
   * Attributes to add to every span of the import: context that no source
   * records, such as `{ campaign: "spring", site: "cori" }`. They replace those
   * of an earlier import of the same source; an import without attributes
   * leaves them unchanged.
   */
  attributes?: Readonly<Record<string, string | number | boolean>>;
  /**
   * IANA name of the zone of clock times written without one, such as
   * "America/New_York"; by default the machine's own, or that of the variable
   * TZ. A run's parsl.log, if present, shows the offset and takes precedence.
   */
  timeZone?: string;
  /**
   * Which records of JSON logs are kept whole in the table `log_record`:
   * `"all"`, only the ones that no rule matches (`"unmatched"`), `"none"`, or
   * all with just the members named here. The default is all for a log of an
   * unknown kind and the unmatched ones otherwise. Changing it reads the log
   * again.
   */
  records?: RecordsWanted;
  /**
   * Selects among the lines that match no rule. The selected ones become events
   * of the process that wrote them, with their template as the type: lines of
   * level WARNING and above (`"warnings"`, the default), `"all"` lines, or none,
   * which only counts them (`"count"`). Except with `"count"`, a line that
   * others continue, such as one with a traceback, always becomes an event. In
   * logs that `importLines` reads, they belong to the span of the whole log,
   * which `within` makes; without it, a last pattern can match all other lines.
   * Changing it reads the log again.
   */
  unknown?: UnknownWanted;
  /**
   * Whether an import that takes longer than a second shows its progress, on
   * stderr if that is a terminal, or in the notebook. True by default.
   */
  progress?: boolean;
  /**
   * The rules that relate the components' spans, applied to the whole database;
   * `parslRules` by default.
   */
  rules?: readonly Rule[];
}

export const importOptionNames: OptionNames<ImportOptions> = {
  timeZone: true,
  attributes: true,
  unknown: true,
  records: true,
  rules: true,
  progress: true,
};

/** Selects the lines without a matching rule that become events. */
export type UnknownWanted = "count" | "warnings" | "all";

/** Selects the records of JSON logs that are kept whole. */
export type RecordsWanted = "all" | "unmatched" | "none" | readonly string[];

/** Checked options: an existing zone, attributes as canonical text. */
export interface PlainOptions {
  /** A JSON object. */
  attributes: string;
  timeZone: string;
  records?: RecordsWanted | undefined;
  unknown: UnknownWanted;
}

/** Checks options before anything is read. */
export function plainOptions(
  { attributes = {}, timeZone = localZone(), records, unknown = "warnings" }:
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
  checkZone(timeZone);
  checkRecords(records);
  checkUnknown(unknown);
  return {
    attributes: JSON.stringify(Object.fromEntries(texts)),
    timeZone,
    records,
    unknown,
  };
}

function checkUnknown(unknown: UnknownWanted): void {
  if (["count", "warnings", "all"].includes(unknown)) return;
  throw new TypeError(
    'unknown must be "count", "warnings" or "all"; it is ' +
      JSON.stringify(unknown),
  );
}

function checkRecords(records: RecordsWanted | undefined): void {
  const isKnown = records === undefined || Array.isArray(records) &&
      records.every((key) => typeof key === "string") ||
    ["all", "unmatched", "none"].includes(records as string);
  if (isKnown) return;
  throw new TypeError(
    'records must be "all", "unmatched", "none" or an array of member names; ' +
      `it is ${JSON.stringify(records)}`,
  );
}

function checkZone(timeZone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch {
    throw new RangeError(
      `there is no time zone ${JSON.stringify(timeZone)}: give a name of the ` +
        'IANA database, such as "Europe/Paris" or "UTC", as timeZone, ' +
        "--time-zone or in the variable TZ",
    );
  }
}
