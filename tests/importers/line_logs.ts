import {
  importLines,
  type ImportOptions,
  type ImportReport,
  type LinePatterns,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { type Files, writeFiles } from "./logs.ts";

/** Imports files that are written for the test alone, and looks at them. */
export const withLines = (
  files: Files,
  patterns: LinePatterns,
  work: (
    db: Database,
    report: ImportReport,
    folder: string,
  ) => void | Promise<void>,
  options: ImportOptions = { timeZone: "UTC" },
): Promise<void> =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    await writeFiles(folder, files);
    using db = await openDatabase();
    await work(db, await importLines(db, folder, patterns, options), folder);
  });

/** Every event, as "line type key: event", an unnamed one's in quotes. */
export const events = (db: Database): string[] =>
  db.query<{ line: number; span: string; event: string; named: number }>(
    `SELECT line, rtrim(span.type || ' ' || span.key) AS span,
       event.type AS event, named
     FROM event JOIN span ON span.id = span_id
     ORDER BY event.source_id, line, event.id`,
  ).map(({ line, span, event, named }) =>
    `${line} ${span}: ${named ? event : `"${event}"`}`
  );

/** What is said of every span, as "type: attributes". */
export const spans = (db: Database): string[] =>
  db.query<{ type: string; attributes: string }>(
    "SELECT type, attributes FROM span ORDER BY type, key",
  ).map(({ type, attributes }) => `${type}: ${attributes}`);
