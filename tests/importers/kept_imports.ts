import { type Database, openDatabase } from "dnpc/sql";
import { join } from "node:path";

/** Databases shared by one test run, also of two processes; the next removes them. */
const folder = `.test_imports/${Deno.env.get("TEST_RUN") ?? Deno.pid}`;

/** A database shared by several tests. */
export interface KeptImport<Report> {
  /** The file; a test that writes must copy it first. */
  path: string;
  report: Report;
}

/**
 * Imports once for all test files and reuses the database.
 *
 * @param of the name of the import, unique in the test suite
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
  // Another process never reads half of it.
  const written = `${kept}.${Deno.pid}.json`;
  await Deno.writeTextFile(written, JSON.stringify(report));
  await Deno.rename(written, `${kept}.json`);
  return { path, report };
}
