import { messageOf } from "../display/text/format.ts";

/** What a campaign uses of DuckDB's package, so that nobody else needs it. */
export interface DuckDB {
  run(sql: string): Promise<unknown>;
  runAndReadAll(
    sql: string,
    values?: unknown[],
  ): Promise<{
    deduplicatedColumnNames(): string[];
    getRowsJS(): unknown[][];
  }>;
  closeSync(): void;
}

interface Package {
  DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<DuckDB>;
      closeSync(): void;
    }>;
  };
}

const name = "@duckdb/node-api";
const version = "1.5.6-r.1";

/**
 * Starts DuckDB in memory.
 *
 * @throws {Error} if it is not installed, with what to do
 */
export async function startDuckDB(): Promise<DuckDB & Disposable> {
  const { DuckDBInstance } = await load();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  return Object.assign(connection, {
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  });
}

/** The version of the folder's own deno.json, or else the one that is tested. */
async function load(): Promise<Package> {
  const reasons: string[] = [];
  for (const specifier of [name, `npm:${name}@${version}`]) {
    try {
      return await import(specifier);
    } catch (error) {
      reasons.push(messageOf(error).split("\n")[0]!);
    }
  }
  throw Object.assign(
    new Error(
      `campaigns are read by DuckDB, which is not installed. Run ` +
        `\`deno cache npm:${name}@${version}\` where there is a network: it ` +
        `has 140 MB. Deno says: ${reasons.at(-1)}`,
    ),
    { code: "MODULE_NOT_FOUND" },
  );
}
