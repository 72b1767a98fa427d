import { createSchema, type Database } from "../../sql/mod.ts";
import type { FoundOnDisk } from "../found_files.ts";
import { forget } from "../logs/import_log.ts";
import { fingerprintAsRead } from "../logs/known_log.ts";

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
    for (const { path, log } of found.flatMap(withMembers)) {
      if (!log) continue;
      const { importer, variant } = log.format;
      const earlier = db.query<{ id: number }>(
        `SELECT id FROM source
         WHERE path = :path AND importer = :importer
           AND substr(fingerprint, 1, length(:start)) <> :start`,
        { path, importer, start: fingerprintAsRead("", variant) },
      );
      for (const { id } of earlier) {
        forget(db, id);
        db.run(
          "UPDATE source SET fingerprint = '', attributes = NULL WHERE id = ?",
          [id],
        );
      }
    }
  });
}

const withMembers = (file: FoundOnDisk) => [file, ...file.members ?? []];
