import { createSchema, type Database } from "../../../sql/mod.ts";
import type { FoundOnDisk } from "../../discover/find_files.ts";
import { forget } from "../../store/import_log.ts";
import { fingerprintAsRead } from "../../store/known_log.ts";

/**
 * Takes back what these files told by other patterns under the same name: all
 * of it at once, for spans that several of them told of. The sources stay, to be
 * read again.
 */
export function forgetEarlier(
  db: Database,
  found: readonly FoundOnDisk[],
): void {
  db.transaction(() => {
    createSchema(db);
    const earlier = found.flatMap(withMembers).flatMap(({ path, log }) => {
      if (!log) return [];
      const { importer, variant } = log.format;
      return db.query<{ id: number }>(
        `SELECT id FROM source
         WHERE path = :path AND importer = :importer
           AND substr(fingerprint, 1, length(:start)) <> :start`,
        { path, importer, start: fingerprintAsRead("", variant) },
      );
    }).map(({ id }) => id);
    if (earlier.length === 0) return;
    forget(db, earlier);
    db.run(
      `UPDATE source SET fingerprint = '', attributes = NULL, lines = 0
       WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(earlier)],
    );
  });
}

const withMembers = (file: FoundOnDisk) => [file, ...file.members ?? []];
