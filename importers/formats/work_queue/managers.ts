import type { LogRecord } from "../../lines/prefix.ts";
import type { LogPlace, RecordReader } from "../format.ts";

/**
 * Reads a log to which several managers may have appended, each numbering its
 * tasks from 1. Every manager but the first gets a run directory of its own.
 *
 * @param isStart whether a record is the first one of a manager
 */
export function eachManager(
  place: LogPlace,
  isStart: (record: LogRecord) => boolean,
  open: (place: LogPlace) => RecordReader,
): RecordReader {
  let current = open(place);
  const readers = [current];
  let hasStarted = false;
  const openNext = () => {
    const rundir = `${place.rundir}#${readers.length + 1}`;
    current = open({ ...place, rundir });
    readers.push(current);
  };
  return {
    read(record) {
      if (isStart(record)) {
        if (hasStarted) openNext();
        hasStarted = true;
      }
      return current.read(record);
    },
    process: (record) => current.process?.(record),
    needsReread: () => readers.some((reader) => reader.needsReread?.()),
    finish() {
      for (const reader of readers) reader.finish?.();
    },
  };
}
