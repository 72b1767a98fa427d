import { committedBytes, type Database } from "../sql/mod.ts";
import { bindSources } from "./bind_sources.ts";
import { contentOf, contentOnDisk } from "./files/content.ts";
import { joined, piecesOf } from "./files/pieces.ts";
import {
  type FoundFile,
  type FoundOnDisk,
  messageOf,
  recognize,
} from "./found_files.ts";
import {
  clocksByRun,
  dropCopies,
  type KnownRuns,
  knownRuns,
} from "./known_runs.ts";
import { shownClock, zoneClock } from "./logs/clock.ts";
import { importLog } from "./logs/import_log.ts";
import { knownLengths } from "./logs/known_log.ts";
import { importWhole } from "./logs/import_whole.ts";
import { emptySourceReport, importReport } from "./make_report.ts";
import { readMonitoringDb } from "./monitoring/import.ts";
import {
  type OpenSource,
  openSource,
  sourceOf,
} from "./monitoring/open_source.ts";
import type { ImportOptions } from "./options.ts";
import { fileOnDisk } from "./paths.ts";
import type { PlainOptions } from "./plain_options.ts";
import type { ImportReport, NotRead, SourceReport } from "./report.ts";
import { parslRules } from "./rules.ts";

/**
 * Imports files that were found, each on its own, and then what only all of
 * them together tell: clocks, copies and bindings.
 */
export async function importFound(
  db: Database,
  found: readonly FoundOnDisk[],
  plain: PlainOptions,
  { rules = parslRules }: Pick<ImportOptions, "rules">,
): Promise<ImportReport> {
  const start = performance.now();
  const files = found.flatMap((file) => [file, ...file.members ?? []]);
  const runs = knownRuns(db, files);
  const outcomes = new Map<string, SourceReport | NotRead>();
  const read = async (files: readonly FoundOnDisk[], isWanted?: Wanted) => {
    for (const file of files) {
      for await (const outcome of readOnDisk(db, file, plain, runs, isWanted)) {
        outcomes.set(outcome.path, outcome);
      }
    }
  };
  await read(found);
  const sourcesNow = () =>
    outcomes.values().filter((outcome) => "importer" in outcome).toArray();
  const again = readByOtherClocks(db, files, runs);
  if (sourcesNow().some(isChanged)) again.push(...dropCopies(db, runs));
  const wanted = new Set(again);
  const onDisk = new Set(again.flatMap((path) => fileOnDisk(path) ?? []));
  for (const path of onDisk) {
    const options = { lengths: knownLengths(db) };
    const file = await recognize(path, options);
    if (file) await read([file], ({ path }) => wanted.has(path));
  }
  const sources = sourcesNow();
  const bindings = bindSources(db, rules, sources.some(isChanged));
  const seconds = (performance.now() - start) / 1000;
  const notRead = outcomes.values()
    .filter((outcome) => !("importer" in outcome)).toArray();
  return importReport(sources, notRead, seconds, bindings);
}

type Wanted = (file: FoundFile) => boolean;

const isChanged = ({ outcome }: SourceReport) =>
  outcome !== "unchanged" && outcome !== "failed";

// What was imported before the parsl.log of its run came is read again, if it is
// still there and its clock is another.
function readByOtherClocks(
  db: Database,
  files: readonly FoundFile[],
  { clocks, runs, sameAs }: KnownRuns,
): string[] {
  const rundirs = new Map(files.flatMap(({ log, run }) => {
    if (!log || !run) return [];
    const own = log.place.rundir;
    const shown = clocks.get(sameAs.get(own) ?? own);
    return shown ? [[own, shownClock(shown).name]] : [];
  }));
  if (rundirs.size === 0) return [];
  const clockOfRun = new Map(
    [...rundirs].map(([own, clock]) => [
      runs.get(sameAs.get(own) ?? own),
      clock,
    ]),
  );
  const clocksOfDatabase = (id: number) =>
    db.query<{ run: string }>(
      "SELECT run_id AS run FROM monitoring_workflow WHERE source_id = ?",
      [id],
    ).flatMap(({ run }) => clockOfRun.get(run) ?? []);
  const clocksOfLog = (path: string) =>
    [...rundirs].filter(([rundir]) => path.startsWith(`${rundir}/`))
      .map(([, clock]) => clock);
  const now = new Set(files.map(({ path }) => path));
  const sources = db.query<
    { id: number; path: string; importer: string; clock: string }
  >("SELECT id, path, importer, clock FROM source WHERE clock IS NOT NULL");
  return sources.filter(({ id, path, importer, clock }) => {
    if (now.has(path)) return false;
    const shown = importer === "monitoring.db"
      ? clocksOfDatabase(id)
      : clocksOfLog(path);
    return shown.some((name) => !clock.split("; ").includes(name));
  }).map(({ path }) => path);
}

/** Reads a file, or those in it. */
async function* readOnDisk(
  db: Database,
  file: FoundOnDisk,
  options: PlainOptions,
  runs: KnownRuns,
  isWanted: Wanted = () => true,
): AsyncGenerator<SourceReport | NotRead> {
  const { path, bytes, members, reason } = file;
  if (!members) {
    if (isWanted(file)) {
      const content = contentOnDisk(path);
      const database = () => openSource(path);
      yield await readFile(db, { ...file, content, database }, options, runs);
    }
    return;
  }
  if (reason !== undefined) yield { path, bytes, reason };
  yield* readPacked(db, { path, members }, options, runs, isWanted);
}

async function* readPacked(
  db: Database,
  { path, members }: { path: string; members: readonly FoundFile[] },
  options: PlainOptions,
  runs: KnownRuns,
  isWanted: Wanted,
): AsyncGenerator<SourceReport | NotRead> {
  const { unpack } = await import("./files/unpack.ts");
  const databases = new DatabasesInside(members);
  const left = new Set(members.filter(isWanted));
  const readMember = (member: OpenFile) => readFile(db, member, options, runs);
  let next = 0;
  try {
    for (const { pieces } of unpack(path, piecesOf(path))) {
      const member = members[next++];
      if (!member) break;
      if (!isWanted(member)) continue;
      const { bytes, digest } = member;
      if (member.isSqlite || member.besideSqlite !== undefined) {
        if (member.damage === undefined) databases.add(member, pieces);
      } else if (bytes > 0 || member.reason !== undefined) {
        left.delete(member);
        const content = digest && contentOf(digest, pieces);
        yield await readMember({ ...member, content });
      }
    }
  } catch {
    // It was damaged when it was looked into, and that was said.
  }
  for (const { member, database } of databases.all()) {
    left.delete(member);
    yield await readMember({ ...member, database });
  }
  for (const member of left) {
    if (member.damage !== undefined) yield await readMember(member);
  }
}

/** The databases in a container, with what lies beside them, in memory. */
class DatabasesInside {
  #members: readonly FoundFile[];
  #bytes = new Map<string, Uint8Array>();

  constructor(members: readonly FoundFile[]) {
    this.#members = members;
  }

  add({ path }: FoundFile, pieces: Iterable<Uint8Array>): void {
    this.#bytes.set(path, joined([...pieces]));
  }

  *all(): Generator<{ member: FoundFile; database: OpenDatabase }> {
    for (const member of this.#members) {
      const { path, isSqlite, digest } = member;
      const main = this.#bytes.get(path);
      if (!isSqlite || !main || !digest) continue;
      const beside = (end: string) => this.#bytes.get(path + end);
      const database = () =>
        sourceOf(
          path,
          committedBytes(main, {
            log: beside("-wal"),
            journal: beside("-journal"),
          }),
        );
      yield { member, database };
    }
  }
}

/** A file, and how it is read. */
interface OpenFile extends FoundFile {
  content?: ReturnType<typeof contentOf> | undefined;
  database?: OpenDatabase;
}

type OpenDatabase = () => Promise<OpenSource>;

// A broken file costs that file: the others are read, and the report says so.
async function readFile(
  db: Database,
  { path, bytes, log, reason, damage, content, database, isSqlite }: OpenFile,
  options: PlainOptions,
  { clocks, processes, runs, sameAs }: KnownRuns,
): Promise<SourceReport | NotRead> {
  if (reason !== undefined) return { path, bytes, reason };
  try {
    if (log && content) {
      const { format } = log;
      const rundir = sameAs.get(log.place.rundir) ?? log.place.rundir;
      const place = { ...log.place, rundir, path };
      if ("isOne" in format) {
        return importWhole(db, { format, place, content }, options);
      }
      const shown = clocks.get(rundir);
      const report = importLog(db, { format, place, content }, {
        attributes: options.attributes,
        records: options.records,
        clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
        shown,
        submitProcess: processes.get(rundir),
        hasOwnDirectory: (run) => runs.values().some((own) => own === run),
      });
      return damage === undefined ? report : { ...report, error: damage };
    }
    if (!isSqlite || !database) {
      return damage === undefined
        ? { path, bytes }
        : { path, bytes, reason: damage };
    }
    const byRun = clocksByRun({ clocks, runs });
    return await readMonitoringDb(db, database, options, byRun) ??
      { path, bytes, reason: "a database of another program" };
  } catch (thrown) {
    const importer = log?.format.importer ?? "monitoring.db";
    return {
      ...emptySourceReport(path, importer),
      outcome: "failed",
      bytes,
      error: messageOf(thrown),
    };
  }
}
