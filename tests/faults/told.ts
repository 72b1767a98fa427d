import type { Database } from "dnpc/sql";
import { rows } from "../importers/databases.ts";

/** By file, what was said by the line that starts at each byte. */
export type Told = Map<string, Map<number, string>>;

/** Where the lines of a file start. */
function startsOf(bytes: Uint8Array): number[] {
  const starts = [0];
  bytes.forEach((byte, i) => byte === 10 && starts.push(i + 1));
  return starts;
}

/** The events, numbers and records of files, by the byte of their line. */
export function toldBy(
  db: Database,
  files: Readonly<Record<string, Uint8Array>>,
  folder: string,
): Told {
  const told: Told = new Map();
  const starts = new Map(
    Object.entries(files).map(([file, bytes]) => [file, startsOf(bytes)]),
  );
  const add = (path: unknown, offset: number, said: string) => {
    const file = String(path).slice(folder.length + 1);
    const lines = told.get(file) ?? new Map<number, string>();
    told.set(file, lines);
    lines.set(offset, `${lines.get(offset) ?? ""}${said}; `);
  };
  const start = (path: unknown, line: unknown) =>
    starts.get(String(path).slice(folder.length + 1))![Number(line) - 1]!;
  for (
    const [path, offset, time, type] of rows(
      db,
      `SELECT path, offset, time, type FROM event
       JOIN source ON source.id = source_id ORDER BY offset, type`,
    )
  ) add(path, Number(offset), `${time} ${type}`);
  for (
    const [path, line, time, said] of rows(
      db,
      // Not the seconds since another line.
      `SELECT path, line, time, name || '=' || value FROM metric
       JOIN source ON source.id = metric.source_id
       WHERE metric <> 'heartbeat' ORDER BY metric.rowid`,
    )
  ) add(path, start(path, line), `${time} ${said}`);
  for (
    const [path, line, entry] of rows(
      db,
      `SELECT path, line, entry FROM log_record
       JOIN source ON source.id = source_id ORDER BY log_record.id`,
    )
  ) add(path, start(path, line), String(entry));
  return told;
}
