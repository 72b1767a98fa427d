import { checkOptions } from "../../../display/text/mistakes.ts";
import { createSchema, type Database } from "../../../sql/mod.ts";
import { withoutYear } from "../../clock/written_time.ts";
import type { FoundLog } from "../../discover/detect.ts";
import {
  chosen,
  findFiles,
  type FoundFile,
  type FoundOnDisk,
  type RecognizeOptions,
} from "../../discover/find_files.ts";
import { isFile } from "../../discover/paths.ts";
import type { ImportReport } from "../../report/report.ts";
import { importFrom } from "../../store/import.ts";
import { importOptionNames, type ImportOptions } from "../../store/options.ts";
import { removeSources } from "../../store/remove.ts";
import { fingerprintOf } from "../../store/sources.ts";
import { type LineFormats, lineFormats } from "./line_format.ts";
import {
  type LinePatterns,
  type PlainPatterns,
  plainPatterns,
} from "./line_patterns.ts";
import { runByName } from "./within.ts";

/**
 * Imports a log of any program: give a few patterns and get spans and events.
 * `path` is a file, a directory or a tarball; files may be packed with gzip. Of
 * several files, this reads each one that matches the patterns' `path` or,
 * without `path`, has a line near its start that matches `time`, in the order
 * of names or of the tarball.
 *
 * A span is identified by its type, `options.attributes` and the groups: lines
 * and files with the same values share it. Rules bind it to others, from
 * `options.rules` or a later `bind`. A log in a run directory of Parsl gets the
 * run's name from `path`, as in `/(?<rundir>.*\/runinfo\/\d+)\//`, and then the
 * run's zone if the run was imported before.
 *
 * Importing the same file again adds nothing; a file that has grown adds its
 * new lines. If a file, the patterns or the attributes have changed otherwise,
 * the new results replace the earlier ones. Unmatched lines are counted and
 * listed by template; broken ones are counted, with their numbers.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importLines } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const span = "funcx.worker.task";
 * await importLines(db, "tests/fixtures/funcx", {
 *   path: /(?<manager>\w+)\/funcx_worker_(?<worker>\d+)\.log$/,
 *   time: /^(?<time>[\d.]+) .*? (?<level>[A-Z]+) .*?:\d+ \S+ /,
 *   lines: [
 *     { match: /Received task with task_id='(?<task>.+?)'/, span, event: "received" },
 *     { match: /task (?<task>\S+) completed$/, span, event: "completed" },
 *   ],
 * });
 *
 * const rows = db.query(`
 *   SELECT attributes ->> 'manager' AS manager, count(*) AS tasks
 *   FROM span WHERE type = 'funcx.worker.task' GROUP BY manager`);
 * assert.deepEqual([...rows], [
 *   { manager: "0739733c6b92", tasks: 10 },
 *   { manager: "dae0f12efb78", tasks: 3 },
 * ]);
 * ```
 *
 * @example Syslog, with pairs key=value in any order
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importLines } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(
 *   path,
 *   `Oct 11 22:14:15 node7 agent[812]: state=started task=5
 * Oct 11 22:14:17 node7 agent[812]: task=5 load=0.75 state=done
 * `,
 * );
 * using db = await openDatabase();
 * await importLines(db, path, {
 *   time: "syslog",
 *   year: 2026,
 *   lines: [{
 *     span: "agent.task",
 *     pairs: { task: "task", event: "state", load: "load" },
 *     metrics: { usage: ["load"] },
 *   }],
 * });
 * const events = db.query("SELECT type FROM event ORDER BY time");
 * assert.deepEqual(events.map(({ type }) => type), ["started", "done"]);
 * const [metric] = db.query("SELECT name, value FROM metric");
 * assert.deepEqual({ ...metric }, { name: "load", value: 0.75 });
 * await Deno.remove(path);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if a pattern is malformed or no file matches; if an
 * attribute is not text, a number or a boolean.
 * @throws {RangeError} if there is no such time zone.
 */
export async function importLines(
  db: Database,
  path: string | URL,
  patterns: LinePatterns,
  options: ImportOptions = {},
): Promise<ImportReport> {
  checkOptions("importLines", options, importOptionNames);
  const checked = plainPatterns(patterns);
  return await importFrom(
    db,
    path,
    options,
    async (path, recognizing, plain) => {
      const { within } = checked;
      const formats = lineFormats(
        { ...checked, ...within && { within: runByName(db, within) } },
        plain,
      );
      const found = await findLineLogs(path, checked, formats, recognizing);
      forgetEarlier(db, found);
      return found;
    },
  );
}

/**
 * Removes the events that earlier patterns of the same name created from these
 * files. All at once, because several files may have mentioned the same span.
 */
function forgetEarlier(db: Database, found: readonly FoundOnDisk[]): void {
  db.transaction(() => {
    createSchema(db);
    const files = found.flatMap((file) => [file, ...file.members ?? []]);
    const earlier = files.flatMap(({ path, log }) => {
      if (!log) return [];
      const { importer, variant } = log.format;
      return db.query<{ id: number }>(
        `SELECT id FROM source
         WHERE path = :path AND importer = :importer
           AND substr(fingerprint, 1, length(:start)) <> :start`,
        { path, importer, start: fingerprintOf("", variant) },
      );
    }).map(({ id }) => id);
    if (earlier.length === 0) return;
    removeSources(db, earlier);
    db.run(
      `UPDATE source SET fingerprint = '', attributes = NULL, lines = 0
       WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(earlier)],
    );
  });
}

/**
 * The files that the patterns are for, packed ones too: their paths match, if
 * there is a pattern for paths, and a line near their start has a time. Matching
 * files without a time have a reason.
 *
 * @throws {TypeError} if no path or no time matches: a pattern must be wrong
 */
async function findLineLogs(
  path: string,
  patterns: PlainPatterns,
  formats: LineFormats,
  recognizing: RecognizeOptions,
): Promise<FoundOnDisk[]> {
  const paths: string[] = [];
  let isFound = false;
  /** Why a line had no time, in case no line of any file has one. */
  let unmatched: string | undefined;
  let unknown: string | undefined;
  const noteFailure = (path: string, text: string) => {
    if (isFound || unknown || text === "") return;
    const written = patterns.time.exec(text)?.groups?.time;
    if (written !== undefined) {
      unknown = `the time ${JSON.stringify(written)} in ${path} has an ` +
        "unknown format: give seconds, a function that reads it" +
        (withoutYear.test(written) ? ", or the year" : "");
    }
    unmatched ??= `time, ${patterns.time}, matches no line of ${path}, such ` +
      `as ${JSON.stringify(text.slice(0, 200))}`;
  };
  const matched = (path: string) => (patterns.path ?? /^/).exec(path);
  const asLog = (path: string): FoundLog | undefined => {
    paths.push(path);
    const found = matched(path);
    if (!found) return undefined;
    const { groups = {} } = found;
    const format = formats(groups);
    const { read, isDamaged } = format.beginning!;
    const watched = (text: string) => {
      const start = read(text);
      if (!start) noteFailure(path, text);
      return start;
    };
    return {
      format: { ...format, beginning: { read: watched, isDamaged } },
      place: { path, rundir: groups.rundir ?? "" },
    };
  };
  const asEmpty = (path: string): FoundFile => {
    paths.push(path);
    return { path, bytes: 0, reason: "empty" };
  };
  const files = await findFiles(path, {
    ...recognizing,
    asLog,
    asMember: asLog,
    asEmpty,
  });
  const all: FoundFile[] = [];
  const found = chosen(files, (file) => {
    const { path, bytes, log, damage, reason = damage } = file;
    // A packed file counts by the name of its content.
    if (![path, path.replace(/\.gz$/i, "")].some(matched)) return undefined;
    all.push(file);
    return log
      ? file
      : { path, bytes, reason: reason ?? "no line with a time" };
  });
  isFound = true;
  if (paths.length > 0 && all.length === 0) {
    throw new TypeError(
      `path, ${patterns.path}, matches no file: ` +
        (isFile(path) && paths.length === 1
          ? `not ${path}`
          : `${path} has ${paths.length}, such as ${paths[0]}`),
    );
  }
  const reason = unknown ?? unmatched;
  if (reason !== undefined && !all.some(({ log }) => log)) {
    throw new TypeError(reason);
  }
  return found;
}
