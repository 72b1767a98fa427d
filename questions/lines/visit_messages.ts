import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { messageIn, readable } from "./event_texts.ts";
import { visitLines } from "./read_lines.ts";

/** Lines of one source, for {@linkcode visitMessages}. */
export interface WantedMessages {
  /** The source, as in source.id. */
  source_id: number;
  /** The bytes at which the lines start, as in event.offset, ascending. */
  offsets: Float64Array;
  /** The row of `origin` of each line, or 0. */
  origins: Int32Array;
}

/**
 * Reads what many lines of logs say, without their prefixes, as `story` shows
 * them: any number of lines takes little memory. Each log is read once, from its
 * start to the imported end; the texts of one that is gone or has changed are
 * left out.
 *
 * @param visit is given the source, the index of the line among its offsets,
 * and what the line says; undefined takes back what an earlier call said
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { visitMessages } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const [event] = db.query<Record<string, number>>(`
 *   SELECT source_id, offset, origin_id FROM event
 *   WHERE type = 'launched' AND line = 120`);
 * const { source_id, offset, origin_id } = event!;
 * visitMessages(db, [{
 *   source_id: source_id!,
 *   offsets: Float64Array.of(offset!),
 *   origins: Int32Array.of(origin_id!),
 * }], (_source, _index, message) => {
 *   assert.match(message!, /^Parsl task 0 try 0 launched on executor/);
 * });
 * ```
 */
export function visitMessages(
  db: Database,
  wanted: Iterable<WantedMessages>,
  visit: (
    source_id: number,
    index: number,
    message: string | undefined,
  ) => void,
): void {
  interface Origin {
    id: number;
    process: string | null;
    level: string | null;
  }
  const origins = new Map(
    db.query<Origin>(sql`SELECT id, process, level FROM origin`)
      .map((origin) => [origin.id, origin]),
  );
  const canRead = readable();
  const sources = Array.from(wanted, (lines) => {
    const [source] = db.query<
      { path: string; bytes: number; fingerprint: string | null }
    >(sql`SELECT path, ifnull(bytes, 0) AS bytes, fingerprint FROM source
      WHERE id = ${lines.source_id}`);
    return source && { ...lines, ...source };
  }).filter((source) => source !== undefined && canRead(source.path));
  const missing = visitLines(
    sources as NonNullable<typeof sources[number]>[],
    ({ source_id, origins: ofLines }, index, line) => {
      const { process = null, level = null } = origins.get(ofLines[index]!) ??
        {};
      visit(source_id, index, messageIn(line, { process, level }));
    },
  );
  for (const { source_id, offsets } of missing) {
    for (let i = 0; i < offsets.length; i++) visit(source_id, i, undefined);
  }
}
