import { resolve } from "node:path";
import { lazyModule } from "../display/lazy_module.ts";
import { checkOptions } from "../display/text/mistakes.ts";
import type { Result, SqlParameters } from "../sql/mod.ts";
import { type Campaign, openedWith, readRuns } from "./campaign.ts";
import { asInSqlite, forSpark } from "./dialect.ts";
import { type Engine, sqlTypes } from "./engine.ts";
import type { FileColumn } from "./parquet_file.ts";
import { runColumn } from "./tables.ts";
import driverText from "./spark_driver.py" with { type: "text" };

const flechette = lazyModule<typeof import("@uwdata/flechette")>(
  () => import.meta.resolve("@uwdata/flechette"),
);

/** Options of {@linkcode sparkCampaign}. */
export interface SparkCampaignOptions {
  /**
   * The directory of the campaign, which the driver and the workers see under the
   * same path.
   */
  dir: string;
  /**
   * Spark's master: "local[4]", "local-cluster[2,1,1024]", "spark://host:7077",
   * "yarn". By default the one that `submit` or Spark's own settings name.
   */
  master?: string | undefined;
  /**
   * The command that starts a Python program with Spark, without the program:
   * ["spark-submit", "--master", "yarn"]. By default ["python3"], whose packages
   * pyspark and pyarrow are used.
   */
  submit?: readonly string[] | undefined;
  /** Settings of Spark, such as { "spark.executor.memory": "4g" }. */
  config?: Readonly<Record<string, string>> | undefined;
  /** Told about directories that are left out. By default `console.warn`. */
  warn?: ((text: string) => void) | undefined;
}

/**
 * Opens a campaign with Apache Spark 4: on this machine or on a cluster. A Python
 * program, which comes with dnpc, gets the SQL and returns the rows; everything
 * between is Spark's.
 *
 * Every question that {@linkcode openCampaign} answers with a query has the same
 * rows. SQL of your own is Spark's, with `percentile(x, 95)` as in a database.
 *
 * @throws {Error} if Python, a package or Java is missing, or Spark does not
 * start, with the reason
 * @throws {RangeError} as {@linkcode openCampaign} does
 *
 * @example
 * ```ts ignore
 * import { sparkCampaign } from "dnpc/campaign";
 * import { timesBetween } from "dnpc/questions";
 *
 * using campaign = await sparkCampaign({
 *   submit: ["spark-submit", "--master", "yarn"],
 *   dir: "/shared/campaign",
 * });
 * const rows = await campaign.query(timesBetween({
 *   from: "parsl.rundir.try/launched",
 *   to: "parsl.rundir.try/exec_done",
 * }));
 * ```
 */
export async function sparkCampaign(
  options: SparkCampaignOptions,
): Promise<Campaign> {
  checkOptions("sparkCampaign", options, {
    dir: true,
    master: true,
    submit: true,
    config: true,
    warn: true,
  });
  const { submit = ["python3"], master, config = {}, warn = console.warn } =
    options;
  const contents = readRuns(options.dir, warn);
  const driver = await SparkDriver.start(submit, { master, config });
  return await openedWith(
    engineOf(driver, options.dir),
    options.dir,
    contents,
    { warn },
  );
}

function engineOf(driver: SparkDriver, given: string): Engine {
  const dir = resolve(given);
  return {
    async addFiles(table, files, columns) {
      await driver.ask({
        table,
        dir,
        files: files.map((file) => resolve(file)),
        schema: columns ? schemaOf([...columns, runColumn]) : null,
      });
    },
    async addRows(table, columns, rows) {
      const values = rows.map((row) =>
        row.map((value) => typeof value === "bigint" ? Number(value) : value)
      );
      await driver.ask({ table, rows: values, schema: schemaOf(columns) });
    },
    async addName(name, table) {
      await driver.ask({ name, table });
    },
    async all(text: string, values: SqlParameters): Promise<Result> {
      const own = forSpark(text, values);
      const { path } = await driver.ask({
        sql: own.text,
        args: own.bound,
        recursions: own.recursions,
      });
      const bytes = await Deno.readFile(path!);
      await Deno.remove(path!);
      const table = flechette.tableFromIPC(bytes, { useBigInt: true });
      const columns = table.schema.fields.map(({ name }) => name);
      const children = columns.map((_, i) => table.getChildAt(i).toArray());
      const rows = Array.from(
        { length: table.numRows },
        (_, row) => children.map((column) => column[row] ?? null),
      );
      return asInSqlite(columns, rows);
    },
    [Symbol.dispose]: () => driver.close(),
  };
}

/** Columns as Spark declares them. */
const schemaOf = (columns: readonly FileColumn[]): string =>
  columns.map(({ name, type }) => `\`${name}\` ${sqlTypes[type]}`).join();

interface Answer {
  error?: string;
  path?: string;
}

/** The Python program that talks to Spark. */
class SparkDriver {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  readonly #errors: Promise<string>;
  readonly #program: string;

  constructor(process: Deno.ChildProcess, program: string) {
    this.#process = process;
    this.#program = program;
    this.#input = process.stdin.getWriter();
    this.#lines = linesOf(process.stdout);
    this.#errors = new Response(process.stderr).text();
  }

  static async start(
    submit: readonly string[],
    settings: { master: string | undefined; config: object },
  ): Promise<SparkDriver> {
    const program = Deno.makeTempFileSync({ suffix: ".py" });
    Deno.writeTextFileSync(program, driverText);
    const [command = "", ...args] = submit;
    let process: Deno.ChildProcess;
    try {
      process = new Deno.Command(command, {
        args: [...args, program],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      Deno.removeSync(program);
      throw error instanceof Deno.errors.NotFound
        ? new Error(`there is no program ${command}, which would start Spark`)
        : error;
    }
    const driver = new SparkDriver(process, program);
    try {
      await driver.ask(settings);
      return driver;
    } catch (error) {
      driver.close();
      throw error;
    }
  }

  /** Sends a request; returns the answer. */
  async ask(request: object): Promise<Answer> {
    const text = new TextEncoder().encode(`${JSON.stringify(request)}\n`);
    await this.#input.write(text).catch(() => {});
    while (true) {
      const { value, done } = await this.#lines.next();
      if (done) {
        const lines = (await this.#errors).trim().split("\n").slice(-5);
        throw new Error(`Spark's driver ended: ${lines.join("\n")}`);
      }
      // Spark and Java may print lines, too.
      if (!value.startsWith("dnpc ")) continue;
      const answer = JSON.parse(value.slice("dnpc ".length)) as Answer;
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    }
  }

  close(): void {
    // At the end of its input the driver stops Spark.
    this.#input.close().catch(() => {});
    this.#process.status.then(() => Deno.removeSync(this.#program));
  }
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
