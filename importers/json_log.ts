import { createHash } from "node:crypto";
import type { Database } from "../sql/mod.ts";
import { type FileFormat, type FoundLog, logAt } from "./find_sources.ts";
import { findFiles, onlyLogs } from "./found_files.ts";
import { importFrom } from "./import_from.ts";
import { type JsonSpanRule, recordsLog } from "./json/records_log.ts";

import type { ImportOptions } from "./options.ts";
import type { ImportReport } from "./report.ts";

/**
 * Members of a record, by their names: `"task_id"`, or `"context.task_id"` for
 * one inside of another. They become attributes of the same names, or of others
 * where an object gives these: `{ task: "context.task_id" }`.
 */
export type MemberNames =
  | string
  | readonly string[]
  | Readonly<Record<string, string>>;

/** Spans of one type that the records of a JSON log tell of. */
export interface JsonSpan {
  /** The type of the spans: "academy.action". */
  span: string;
  /**
   * What identifies a span of that type. A record that has not all of these
   * members tells of none.
   */
  identity: MemberNames;
  /**
   * The member with the name of what happened. Without one, or in a record that
   * has it not, the event's type is the template of the message.
   */
  event?: string;
  /** What else a record says of the span: its attributes. */
  says?: MemberNames;
}

/** How a JSON log is read. */
export interface JsonLogOptions extends ImportOptions, Partial<JsonSpan> {
  /**
   * The member that says when a record was made: Unix seconds, or milliseconds
   * and so on by their size, or a date and time, by the clock of `timeZone` if
   * it says no zone. If not given, the first of the usual names: created,
   * timestamp, time, asctime, ...
   */
  time?: string;
  /** The member with the message; formatted, message, msg, ..., if not given. */
  message?: string;
  /** Several types of spans, where `span` is one. */
  spans?: readonly JsonSpan[];
}

/**
 * Imports logs of JSON records, one a line: a file, or all below a directory
 * that are such, packed ones too.
 *
 * Without an option that says how, logs of Parsl are read as `importRuninfo`
 * does; of any other log the records are kept as they are, in the table
 * `log_record`, to be queried with SQLite's JSON operators. `span` and
 * `identity`, or `spans`, make spans and events of them too. Other options than
 * those of the last import read the log anew.
 *
 * @example Records as they are
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importJsonLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importJsonLog(db, "tests/fixtures/academy/counter.jsonlog");
 * const [row] = db.query(
 *   "SELECT count(DISTINCT entry ->> 'academy.agent_id') AS agents FROM log_record",
 * );
 * assert.equal(row?.agents, 2);
 * ```
 *
 * @example Spans
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importJsonLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importJsonLog(db, "tests/fixtures/academy/counter.jsonlog", {
 *   time: "created",
 *   span: "academy.action",
 *   identity: { action: "academy.action_tag" },
 *   event: "academy.action_state",
 *   says: { name: "academy.action" },
 * });
 * const [row] = db.query(
 *   "SELECT count(*) AS done FROM event WHERE type = 'execute_success'",
 * );
 * assert.equal(row?.done, 22);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log, or `span` and `identity` are not
 * both given.
 */
export async function importJsonLog(
  db: Database,
  path: string | URL,
  options: JsonLogOptions = {},
): Promise<ImportReport> {
  const asLog = asJsonLog(options);
  return await importFrom(db, path, options, async (path, recognizing) => {
    const files = await findFiles(path, { ...recognizing, asLog });
    const found = onlyLogs(files, ({ format }) => isJson(format));
    if (found.length > 0) return found;
    throw new TypeError(
      `${path} is no JSON log: no line is an object or an array` +
        (options.time ? ` with a time in ${options.time}` : ""),
    );
  });
}

/** Which log a file is, as the options have it. */
function asJsonLog(
  { time, message, spans = [], ...one }: JsonLogOptions,
): (path: string) => FoundLog {
  const rules = [...spans, ...spanOf(one)].map(ruleOf);
  const isAsIs = time === undefined && message === undefined &&
    rules.length === 0;
  const written = JSON.stringify([
    time,
    message,
    rules.map(({ type, identity, says, event }) => [
      ...[type, [...identity], [...says], event],
    ]),
  ]);
  const hash = createHash("sha256").update(written).digest("hex").slice(0, 8);
  const format = isAsIs
    ? recordsLog()
    : recordsLog({ variant: hash, time, message, spans: rules });
  return (path) => {
    const known = isAsIs ? logAt(path) : undefined;
    return known && isJson(known.format)
      ? known
      : { format, place: { path, rundir: "" } };
  };
}

const isJson = ({ importer }: FileFormat) => /json/.test(importer);

function spanOf(
  { span, identity, event, says }: Partial<JsonSpan>,
): JsonSpan[] {
  if (span === undefined && identity === undefined) return [];
  if (span === undefined || identity === undefined) {
    throw new TypeError(
      "span, the type of the spans, and identity, the members that tell one " +
        "from another, are given together",
    );
  }
  return [{
    span,
    identity,
    ...event === undefined ? {} : { event },
    ...says === undefined ? {} : { says },
  }];
}

function ruleOf({ span, identity, event, says = [] }: JsonSpan): JsonSpanRule {
  const names = namesOf(identity);
  if (names.size === 0) {
    throw new TypeError(`the identity of ${span} names no member`);
  }
  return { type: span, identity: names, says: namesOf(says), event };
}

function namesOf(names: MemberNames): Map<string, string> {
  if (typeof names === "string") return new Map([[names, names]]);
  return new Map(
    Array.isArray(names)
      ? names.map((name) => [name, name])
      : Object.entries(names),
  );
}
