import { type Members, timeOfRecord, timeOfValue } from "../json/records.ts";
import type { RecordsLogOptions } from "../json/options.ts";
import { documentRecords } from "../json/records_log.ts";
import type { WrittenTime } from "../../clock/written_time.ts";
import type { BinaryFormat } from "../format.ts";
import { entryOf } from "./entry.ts";
import { type Damage, isExport, recordsIn } from "./records.ts";

/**
 * An export of CloudWatch, by get-query-results, filter-log-events or
 * get-log-events. A record's line is its number, from 1.
 */
export function cloudWatchExport(
  { variant = "", time, message, spans }: RecordsLogOptions,
): BinaryFormat {
  return {
    importer: "cloudwatch",
    variant,
    records: "all",
    sniff: isExport,
    read(chunks, context) {
      const readRecord = documentRecords(context, { message, spans });
      const malformed: number[] = [];
      const damages: Damage[] = [];
      let isLocal = false;
      let line = 0;
      for (const found of recordsIn(chunks)) {
        if ("lost" in found) {
          damages.push(found);
          for (let i = 0; i < found.lost; i++) malformed.push(++line);
          continue;
        }
        line++;
        const entry = entryOf(found.value);
        if (!entry) {
          malformed.push(line);
          continue;
        }
        const when = timeOf(entry.members, time);
        const read = readRecord(entry, line, when, entry.isBroken);
        if (read.isLocal) isLocal = true;
        if (read.isMalformed) malformed.push(line);
      }
      return { records: line, malformed, damage: damageText(damages), isLocal };
    },
  };
}

/**
 * The time of a record: from the requested member, or else CloudWatch's, or else
 * one of the usual members.
 */
function timeOf(
  members: Members,
  name: string | undefined,
): WrittenTime | undefined {
  if (name !== undefined) {
    const time = timeOfRecord(members, name);
    if (time) return name.startsWith("@") ? universal(time) : time;
  }
  const time = timeOfValue(members["@timestamp"]);
  return time ? universal(time) : timeOfRecord(members);
}

// CloudWatch writes UTC, and no zone.
const universal = ({ time }: WrittenTime): WrittenTime => ({ time });

function damageText([first, ...more]: readonly Damage[]): string | undefined {
  if (!first) return undefined;
  const place = first.isCut
    ? `cut short at byte ${first.place}`
    : `damaged near byte ${first.place}`;
  return more.length === 0
    ? place
    : `${place} and in ${more.length} more places`;
}
