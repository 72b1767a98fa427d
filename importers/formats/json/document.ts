import type { BinaryFormat } from "../format.ts";
import { startText } from "../../container/chunks.ts";
import { elementsIn } from "./elements.ts";
import type { RecordsLogOptions } from "./options.ts";
import { parseRecord, timeOfRecord } from "./records.ts";
import { documentRecords } from "./records_log.ts";

/**
 * A JSON document that is an array of records, as `json.dump(list)` writes it,
 * on one line or many. A record's line is its number, from 1.
 */
export const recordsDocument = (
  { variant = "", time, message, spans }: RecordsLogOptions = {},
): BinaryFormat => ({
  importer: "json",
  variant,
  records: "all",
  sniff: (start) => isArrayOfRecords(startText(start)),
  read(chunks, context) {
    const readRecord = documentRecords(context, { message, spans });
    const malformed: number[] = [];
    let isLocal = false;
    let line = 0;
    const elements = elementsIn(chunks);
    for (;;) {
      const { value: json, done } = elements.next();
      if (done) return { records: line, malformed, damage: json, isLocal };
      const members = json === undefined ? undefined : parseRecord(json);
      const when = members && !Array.isArray(members)
        ? timeOfRecord(members, time)
        : undefined;
      line++;
      if (!members || Array.isArray(members) || !when && time !== undefined) {
        malformed.push(line);
        continue;
      }
      const read = readRecord({ members, json: json! }, line, when);
      if (read.isLocal) isLocal = true;
      if (read.isMalformed) malformed.push(line);
    }
  },
});

/** Whether text begins an array of objects. */
export const isArrayOfRecords = (start: string): boolean =>
  /^(?:ï»¿)?\s*\[\s*\{/.test(start);
