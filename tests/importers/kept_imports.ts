import { type Database, openDatabase } from "dnpc/sql";
import { join } from "node:path";

/** Databases of this run of tests, which `deno task test` removes again. */
const folder = `.test_imports/${Deno.pid}`;

/** A database that several tests read. */
export interface KeptImport<Report> {
  /** The file, which is copied before a test writes to it. */
  path: string;
  report: Report;
}

/**
 * The database that an import made for the first test to need it, in whichever
 * file that test is.
 *
 * @param of names the import, in the whole suite
 */
export async function keptImport<Report>(
  of: string,
  importInto: (db: Database) => Promise<Report>,
  engine: "sqljs" | "native" = "native",
): Promise<KeptImport<Report>> {
  const kept = join(folder, `${of} ${engine}`.replace(/\W+/g, "_"));
  const path = `${kept}.sqlite3`;
  try {
    return {
      path,
      report: JSON.parse(await Deno.readTextFile(`${kept}.json`)),
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  using db = await openDatabase(undefined, { engine });
  const report = await importInto(db);
  await Deno.mkdir(folder, { recursive: true });
  await db.save(path);
  await Deno.writeTextFile(`${kept}.json`, JSON.stringify(report));
  return { path, report };
}
