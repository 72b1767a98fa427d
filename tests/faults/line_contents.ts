import type { Database } from "dnpc/sql";
import { rows } from "../importers/databases.ts";

/** By file and byte offset of a line: everything imported from that line. */
export type LineContents = Map<string, Map<number, string>>;

/** Byte offsets of the lines of a file. */
function startsOf(bytes: Uint8Array): number[] {
  const starts = [0];
  bytes.forEach((byte, i) => byte === 10 && starts.push(i + 1));
  return starts;
}

/** The events, metrics and records in a database, by file and line offset. */
export function contentsByLine(
  db: Database,
  files: Readonly<Record<string, Uint8Array>>,
  folder: string,
): LineContents {
  const contents: LineContents = new Map();
  const starts = new Map(
    Object.entries(files).map(([file, bytes]) => [file, startsOf(bytes)]),
  );
  const add = (path: unknown, offset: number, content: string) => {
    const file = String(path).slice(folder.length + 1);
    const lines = contents.get(file) ?? new Map<number, string>();
    contents.set(file, lines);
    lines.set(offset, `${lines.get(offset) ?? ""}${content}; `);
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
    const [path, line, time, metric] of rows(
      db,
      // Excludes intervals, which depend on another line.
      `SELECT path, line, time, name || '=' || value FROM metric
       JOIN source ON source.id = metric.source_id
       WHERE metric <> 'heartbeat' ORDER BY metric.id`,
    )
  ) add(path, start(path, line), `${time} ${metric}`);
  for (
    const [path, line, entry] of rows(
      db,
      `SELECT path, line, entry FROM log_record
       JOIN source ON source.id = source_id ORDER BY log_record.id`,
    )
  ) add(path, start(path, line), String(entry));
  return contents;
}
