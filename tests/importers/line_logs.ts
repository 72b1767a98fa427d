import {
  importLines,
  type ImportOptions,
  type LinePatterns,
} from "dnpc/importers";
import type { Database } from "dnpc/sql";
import { type Files, withFiles } from "./logs.ts";

/**
 * Imports temporary files with importLines() and passes the result to a test.
 */
export const withLines = (
  files: Files,
  patterns: LinePatterns,
  work: Parameters<typeof withFiles>[1],
  options?: ImportOptions,
): Promise<void> =>
  withFiles(
    files,
    work,
    options,
    (db, path, options) => importLines(db, path, patterns, options),
  );

/** Events as "line type key: event"; unnamed events are quoted. */
export const events = (db: Database): string[] =>
  db.query<{ line: number; span: string; event: string; named: number }>(
    `SELECT line, rtrim(span.type || ' ' || span.key) AS span,
       event.type AS event, named
     FROM event JOIN span ON span.id = span_id
     ORDER BY event.source_id, line, event.id`,
  ).map(({ line, span, event, named }) =>
    `${line} ${span}: ${named ? event : `"${event}"`}`
  );

/** Spans as "type: attributes". */
export const spans = (db: Database): string[] =>
  db.query<{ type: string; attributes: string }>(
    "SELECT type, attributes FROM span ORDER BY type, key",
  ).map(({ type, attributes }) => `${type}: ${attributes}`);
