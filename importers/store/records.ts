import { type Database, RowBuffer } from "../../sql/mod.ts";
import type { RecordsWanted } from "./options.ts";
import type { LogRecord } from "../lines/prefix.ts";

/** Writes records of JSON logs to the table log_record. */
export interface RecordKeeper {
  keep(record: LogRecord, isMatched: boolean): void;
  finish(): void;
  /** Number of kept records. */
  readonly kept: number;
}

/** Records of a format to keep: the default, or the user's choice. */
export const keptRecords = (
  { records }: { records?: RecordsWanted },
  wanted: RecordsWanted | undefined,
): RecordsWanted => records ? wanted ?? records : "none";

/** Keeps the wanted records of one source. */
export function recordKeeper(
  db: Database,
  sourceId: number,
  wanted: RecordsWanted,
): RecordKeeper {
  const records = new RowBuffer(db, "log_record", columns);
  return {
    keep({ members, json, time, line }, isMatched) {
      if (json === undefined || wanted === "none") return;
      if (wanted === "unmatched" && isMatched) return;
      const entry = typeof wanted === "string"
        ? json
        : JSON.stringify(only(members ?? {}, wanted));
      records.add([sourceId, line, time, entry]);
    },
    finish: () => records.flush(),
    get kept() {
      return records.count;
    },
  };
}

const columns = ["source_id", "line", "time", "entry"];

const only = (members: Record<string, unknown>, keys: readonly string[]) =>
  Object.fromEntries(
    keys.filter((key) => Object.hasOwn(members, key))
      .map((key) => [key, members[key]]),
  );
