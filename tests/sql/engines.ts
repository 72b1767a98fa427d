import { type Database, openDatabase, type OpenOptions } from "dnpc/sql";

/** Registers a test for each engine, and for a file on disk. */
export function onEngines(
  claim: string,
  work: (db: Database) => void | Promise<void>,
): void {
  for (const engine of ["sqljs", "native"] as const) {
    Deno.test(`${claim} [${engine}]`, async () => {
      using db = await openDatabase(undefined, { engine });
      await work(db);
    });
  }
  Deno.test(`${claim} [native file]`, () =>
    inFolder(async (folder) => {
      using db = await openDatabase(`${folder}/test.sqlite3`);
      await work(db);
    }));
}

/** Registers a test with an empty in-memory database. */
export function onDatabase(
  claim: string,
  work: (db: Database) => void | Promise<void>,
): void {
  Deno.test(claim, async () => {
    using db = await openDatabase(undefined, { engine: "native" });
    await work(db);
  });
}

/** Registers a test for each engine; the test opens its databases. */
export function withEngines(
  claim: string,
  work: (options: Required<Pick<OpenOptions, "engine">>) => Promise<void>,
): void {
  for (const engine of ["sqljs", "native"] as const) {
    Deno.test(`${claim} [${engine}]`, () => work({ engine }));
  }
}

/** Runs a test in a temporary folder. */
export async function inFolder(
  work: (folder: string) => Promise<void> | void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The single value of a single row. */
export function value(
  db: Database,
  sql: string,
  params?: Parameters<Database["query"]>[1],
): unknown {
  return Object.values(db.query(sql, params)[0]!)[0];
}

/**
 * Runs SQL on a file with another SQLite, that of Python, and returns the rows.
 */
export async function askOtherSqlite(
  path: string,
  sql: string,
): Promise<string> {
  const python = "import sqlite3, sys\n" +
    "with sqlite3.connect(sys.argv[1]) as db:\n" +
    "  for statement in sys.argv[2].split(';'):\n" +
    "    for row in db.execute(statement): print(*row, sep='|')";
  const { stdout, stderr, success } = await new Deno.Command("python3", {
    args: ["-c", python, path, sql],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}
