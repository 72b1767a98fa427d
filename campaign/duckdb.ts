import { messageOf } from "../display/text/format.ts";
import { whatIs } from "../display/text/mistakes.ts";
import { type Result, sql, type SqlParameters } from "../sql/mod.ts";
import { asInSqlite, duckdbSettings, forDuckDB } from "./dialect.ts";
import { type Engine, sqlTypes } from "./engine.ts";

/** The part of DuckDB's package that a campaign uses; its own types would have to be installed. */
interface Connection {
  run(sql: string, values?: string[]): Promise<unknown>;
  runAndReadAll(sql: string, values: string[]): Promise<{
    deduplicatedColumnNames(): string[];
    getRowsJS(): unknown[][];
  }>;
  closeSync(): void;
}

interface Package {
  DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<Connection>;
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
export async function startDuckDB(
  { memory, threads }: { memory: string; threads?: number | undefined },
): Promise<Engine> {
  const { DuckDBInstance } = await load();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const folder = Deno.makeTempDirSync();
  const run = (statement: string) => connection.run(statement);
  const filesOfTables: (readonly string[])[] = [];
  const engine: Engine = {
    async addFiles(table, files, columns) {
      filesOfTables.push(files);
      const list = files.map((file) => literalPath(file));
      const wanted = columns?.map(({ name }) => sql.id(name).text).join(", ");
      // Other columns of monitoring than usual are in some files only.
      await run(`CREATE VIEW ${sql.id(table).text} AS
        SELECT ${wanted ? `${wanted}, run` : "*"} FROM read_parquet([${list}],
          hive_partitioning = true, hive_types = {'run': VARCHAR},
          union_by_name = ${wanted === undefined})`).catch(nameDamaged);
    },
    async addRows(table, columns, rows) {
      const listed = columns.map(({ name, type }) =>
        `${sql.id(name).text} ${sqlTypes[type]}`
      );
      await run(`CREATE TABLE ${sql.id(table).text} (${listed})`);
      if (rows.length === 0) return;
      const places = `(${columns.map(() => "?")})`;
      const { text, bound } = forDuckDB(
        `INSERT INTO ${sql.id(table).text} VALUES ${rows.map(() => places)}`,
        rows.flat(),
      );
      await connection.run(text, bound);
    },
    addName: async (name, table) =>
      void await run(`CREATE VIEW ${name} AS SELECT * FROM ${table}`),
    async all(text: string, values: SqlParameters): Promise<Result> {
      const own = forDuckDB(text, values);
      const read = await connection.runAndReadAll(own.text, own.bound)
        .catch(nameDamaged);
      return asInSqlite(read.deduplicatedColumnNames(), read.getRowsJS());
    },
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
      Deno.removeSync(folder, { recursive: true });
    },
  };
  /** DuckDB does not always say in which file it met damage. */
  async function nameDamaged(error: unknown): Promise<never> {
    // Later lines quote the SQL.
    const [message = ""] = messageOf(error).split("\n");
    const isDamage = message.startsWith("Invalid Error");
    if (!isDamage || message.includes(".parquet")) throw error;
    const damaged = await firstDamaged(filesOfTables.flat());
    throw damaged === undefined
      ? error
      : new Error(`${damaged} is damaged: ${message}`);
  }
  /** The first file of which not all can be read. */
  async function firstDamaged(
    files: readonly string[],
  ): Promise<string | undefined> {
    for (const file of files) {
      try {
        await run(`SELECT max(CAST(columns(*) AS VARCHAR))
          FROM read_parquet(${literalPath(file)})`);
      } catch {
        return file;
      }
    }
  }
  try {
    const set = (name: string, value: string) => run(`SET ${name} = ${value}`);
    for (const statement of duckdbSettings) await run(statement);
    await set("temp_directory", quoted(`${folder}/duckdb`));
    await set("memory_limit", quoted(memory)).catch((error) => {
      throw new RangeError(
        `memory is a size such as "1.5GB", not ${whatIs(memory)}: ` +
          messageOf(error),
      );
    });
    if (threads !== undefined) await set("threads", String(threads));
    return engine;
  } catch (error) {
    engine[Symbol.dispose]();
    throw error;
  }
}

const quoted = (text: string): string =>
  `'${String(text).replaceAll("'", "''")}'`;

/** The path of a file as a pattern that matches it alone, in quotes. */
const literalPath = (path: string): string =>
  quoted(path.replace(/[*?[]/g, "[$&]"));

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
