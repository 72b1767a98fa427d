import {
  type ImportOptions,
  type ImportReport,
  importRuninfo,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { dirname } from "node:path";
import { inFolder } from "../sql/engines.ts";
import { keptImport } from "./kept_imports.ts";

/** A runinfo of a real workflow, with text logs. */
export interface LogSet {
  name: string;
  /** The absolute path, as in source.path. */
  path: string;
  /** Skips tests if the logs are missing. */
  ignore: boolean;
}

/** The logs of a folder, below a set's name. */
export const logSet = (
  name: string,
  folder: string,
  below = "/runinfo",
): LogSet => {
  const path = `${folder}/${name}${below}`;
  try {
    return { name, path: Deno.realPathSync(path), ignore: false };
  } catch {
    return { name, path, ignore: true };
  }
};

/** The text logs that are part of the repository. */
export const tzLogs = logSet("tz", "tests/fixtures");
export const wqLogs = logSet("wq", "tests/fixtures");
export const descLogs = logSet("desc-wq", "tests/fixtures");
/** Written by hand; see its README. */
export const obsLogs = logSet("obs-wf", "tests/fixtures");
export const headJsonLogs = logSet("head-json", "tests/fixtures");
/** Of Work Queue's resource monitor, too. */
export const resourceLogs = logSet("wq-resources.tar.gz", "tests/fixtures", "");
export const taskVineLogs = logSet("taskvine", "tests/fixtures");

/** Some lines of real managers' logs. */
export const managerLogs = logSet("taskvine", "tests/fixtures", "/lnni");
/** Whole logs of managers of TaskVine and Work Queue. */
export const largerManagerLogs = logSet("taskvine", "../shared/data", "");
/** Whole logs of funcX, of an endpoint and its workers. */
export const largerFuncxLogs = logSet("funcx", "../shared/data", "");

/** Packed runs that are limited by one stage each. */
export const flowLogs: readonly LogSet[] = [
  "submission",
  "workers",
  "dependencies",
  "dispatch",
].map((name) => logSet(`${name}.tar.gz`, "tests/fixtures/flow", ""));

/** All logs that are part of the repository, text or JSON. */
export const repositorySets: readonly LogSet[] = [
  tzLogs,
  wqLogs,
  descLogs,
  obsLogs,
  headJsonLogs,
  taskVineLogs,
];

/** A packed set of logs that is not part of the repository. */
export const archive = (name: string) =>
  logSet(`${name}.tar.gz`, "../shared/data", "");

/** A larger set of logs that is not part of the repository. */
export const larger = (name: string) => logSet(name, "../shared/data");

export const logSets: readonly LogSet[] = [
  tzLogs,
  wqLogs,
  ...[
    "mon-htex",
    "htex-head",
    "threads",
    "wq-2023",
    "desc-wq",
    "multi-load",
    "multi-htex",
  ].map(larger),
];

/** A set's import, which is made once for all tests: they only read it. */
export const importedOnce = ({ path }: Pick<LogSet, "path">) =>
  // Sets may share a name.
  keptImport(path, (db) => importRuninfo(db, path));

/** A copy of a set's import. */
export async function importOnce(
  set: Pick<LogSet, "path">,
  copy: string,
): Promise<ImportReport> {
  const kept = await importedOnce(set);
  await Deno.copyFile(kept.path, copy);
  return kept.report;
}

/** Registers a test for each set, with a database of its import. */
export function onLogs<T extends LogSet>(
  claim: string,
  sets: readonly T[],
  work: (
    db: Database,
    set: T,
    report: ImportReport,
  ) => void | Promise<void>,
): void {
  for (const set of sets) {
    Deno.test({
      name: `${claim} [${set.name}]`,
      ignore: set.ignore,
      fn: () =>
        inFolder(async (folder) => {
          const copy = `${folder}/${set.name}.sqlite3`;
          const report = await importOnce(set, copy);
          using db = await openDatabase(copy);
          await work(db, set, report);
        }),
    });
  }
}

/** The number of lines of a file that match the pattern. */
export const countLines = (path: string, pattern: RegExp): number =>
  Deno.readTextFileSync(path).split("\n")
    .filter((line) => pattern.test(line)).length;

/** Files below a directory whose name matches. */
export function* filesNamed(path: string, name: RegExp): Generator<string> {
  for (const entry of Deno.readDirSync(path)) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory) yield* filesNamed(below, name);
    else if (name.test(entry.name)) yield below;
  }
}

/** Contents of files by path. */
export type Files = Record<string, string | Uint8Array<ArrayBuffer>>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(`${folder}/${path}`, bytes);
  }
}

/** The logs of a run that was cut off: a share of the lines of each. */
export const cutLogs = (path: string, share: number): Files =>
  Object.fromEntries(
    Array.from(filesNamed(path, /\.log$/), (file) => {
      const lines = Deno.readTextFileSync(file).split("\n");
      const kept = lines.slice(0, Math.floor(lines.length * share));
      return [file.slice(path.length + 1), `${kept.join("\n")}\n`];
    }),
  );

/** Imports temporary files and passes the result to a test. */
export const withFiles = (
  files: Files,
  work: (
    db: Database,
    report: ImportReport,
    folder: string,
  ) => void | Promise<void>,
  options: ImportOptions = { timeZone: "UTC" },
  importFrom: typeof importRuninfo = importRuninfo,
): Promise<void> =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    await writeFiles(folder, files);
    using db = await openDatabase();
    await work(db, await importFrom(db, folder, options), folder);
  });

/**
 * Events as "line type key: event"; the key is without the run directory.
 */
export const eventTexts = (db: Database): string[] =>
  db.query<{ line: number; type: string; key: string; event: string }>(
    `SELECT line, span.type, span.key, event.type AS event
     FROM event JOIN span ON span.id = span_id
     ORDER BY event.source_id, line, event.id`,
  ).map(({ line, type, key, event }) => {
    const own = key.split("/").slice(1).join("/");
    return `${line} ${type}${own && ` ${own}`}: ${event}`;
  });

/** Attributes of the spans of a type, without the run directory. */
export function attributesOf(
  db: Database,
  type: string,
): Record<string, unknown>[] {
  return db.query<{ attributes: string }>(
    "SELECT attributes FROM span WHERE type = ? ORDER BY id",
    [type],
  ).map((row) => {
    const { rundir: _, ...attributes } = JSON.parse(row.attributes);
    return attributes;
  });
}

/** Number of spans of each type in those of another. */
export const nestedTypes = `
  SELECT o.type, i.type, count(*) FROM subspan
  JOIN span AS o ON o.id = superspan_id JOIN span AS i ON i.id = subspan_id
  GROUP BY 1, 2 ORDER BY 1, 2`;

/** Pairs of a try and a span nested in it, at any depth. */
export const reached = `
  WITH RECURSIVE reached (try_id, id) AS (
    SELECT superspan_id, subspan_id
    FROM subspan JOIN span ON span.id = superspan_id
    WHERE span.type = 'parsl.rundir.try'
    UNION
    SELECT try_id, subspan_id FROM reached JOIN subspan ON superspan_id = reached.id
  )`;
