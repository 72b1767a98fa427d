import { noProgress, showProgress } from "../../display/notebook/progress.ts";
import { createSchema, type Database } from "../../sql/mod.ts";
import type { FoundOnDisk, RecognizeOptions } from "../discover/find_files.ts";
import { importFound } from "./import_found.ts";
import { inTurn } from "./in_turn.ts";
import { knownLengths } from "./known_log.ts";
import type { ImportOptions } from "./options.ts";
import { existingPath } from "../discover/paths.ts";
import { type PlainOptions, plainOptions } from "./plain_options.ts";
import type { ImportReport } from "../report/report.ts";

/** Chooses what is imported of what lies at a path. */
export type Choose = (
  path: string,
  options: RecognizeOptions,
  plain: PlainOptions,
) => Promise<readonly FoundOnDisk[]>;

/**
 * What every import does: its options are checked before anything is read, it
 * waits for its turn, and while it takes long it shows how far it is.
 *
 * @throws {DatabaseError} if tables of the names that it writes are others'.
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {RangeError} if there is no such time zone.
 * @throws {TypeError} if an option is of another type.
 */
export async function importFrom(
  db: Database,
  path: string | URL,
  options: ImportOptions,
  choose: Choose,
): Promise<ImportReport> {
  const plain = plainOptions(options);
  return await inTurn(db, async () => {
    refuseOthers(db);
    const progress = options.progress === false ? noProgress : showProgress();
    try {
      const recognizing = {
        lengths: knownLengths(db),
        onMember: (path: string) => progress.say(`looking into ${path}`),
      };
      const found = await choose(existingPath(path), recognizing, plain);
      return await importFound(db, found, plain, { ...options, progress });
    } finally {
      progress.end();
    }
  });
}

// Tables of these names that are another program's must not be asked first.
function refuseOthers(db: Database): void {
  const [known] = db.query(
    `SELECT 1 FROM sqlite_schema WHERE name IN ('source', 'span', 'event',
       'subspan', 'facet', 'metric', 'log_record') LIMIT 1`,
  );
  if (known) createSchema(db);
}
