import {
  largeCloudWatchExport,
  largeJsonLogs,
  largeLineLogs,
  largeMonitoringDb,
  largeTaskVineLogs,
  largeTextLogs,
  largeUnknownJson,
  largeWorkQueueLogs,
  tracedRun,
} from "./inputs.ts";
import {
  denoProgram,
  measure,
  type Measured,
  type Program,
  pythonProgram,
} from "./measure.ts";
import type { Part } from "./part.ts";
import { megabytes, type Row } from "./table.ts";

/** Importing, binding and indexing the text logs of a large run. */
export const textLogs: Part = {
  name: "text",
  about: "the text logs of a large run, imported, bound and indexed",
  async run(folder) {
    const runinfo = largeTextLogs(folder);
    const log = `${runinfo}/000/parsl.log`;
    const text = `${folder}/text.db`;
    const rows = await importRows([
      ["dnpc, node:sqlite", importOf(runinfo, text)],
      ["dnpc, sql.js", importOf(runinfo, "", { engine: "sqljs" })],
      ["Python, sqlite3 and re", python("text_logs", runinfo, folder)],
      ["DuckDB, regexp_extract", python("duckdb_text", runinfo, folder)],
      ["bare loop, parsl.log", bareLoop(log, folder), log],
      ["grep -c, parsl.log", { command: "grep", args: ["-c", "", log] }, log],
    ]);
    return [...rows, await shellImport(text, folder)];
  },
};

/** Importing the JSON logs of a large run. */
export const jsonLogs: Part = {
  name: "json",
  about: "JSON logs, by which records are kept",
  async run(folder) {
    const runinfo = largeJsonLogs(folder);
    const kept = (records: string, engine = "native") =>
      importOf(runinfo, `${folder}/json-${records}.db`, { records, engine });
    return await importRows([
      ["dnpc, unmatched", kept("unmatched")],
      ["dnpc, none", kept("none")],
      ["dnpc, all", kept("all")],
      ["dnpc, sql.js, unmatched", kept("unmatched", "sqljs")],
      ["Python, sqlite3 and json", python("json_logs", runinfo, folder)],
    ]);
  },
};

/** Each importer separately. */
export const eachImporter: Part = {
  name: "each",
  about: "each importer alone, on one file or on files of one kind",
  async run(folder) {
    const run = `${largeTextLogs(folder)}/000`;
    const interchange = `${run}/htex_Local`;
    const [manager] = [...Deno.readDirSync(`${interchange}/block-0`)]
      .map(({ name }) => `${interchange}/block-0/${name}`);
    const workQueue = largeWorkQueueLogs(folder);
    const inputs: [input: string, importer: string, path: string][] = [
      ["parsl.log", "importParslLog", `${run}/parsl.log`],
      ["interchange.log", "importHtexLogs", `${interchange}/interchange.log`],
      ["manager.log", "importHtexLogs", `${manager}/manager.log`],
      ["worker_0.log", "importHtexLogs", `${manager}/worker_0.log`],
      ["transaction_log", "importWorkQueueLog", `${workQueue}/transaction_log`],
      ["debug_log", "importWorkQueueLog", `${workQueue}/debug_log`],
      ["transactions", "importTaskVineLog", largeTaskVineLogs(folder)],
      [
        ...["parsl_tracing.pickle", "importParslTracing"] as const,
        `${tracedRun()}/parsl_tracing.pickle`,
      ],
      ["JSON of no known kind", "importJsonLog", largeUnknownJson(folder)],
      ["CloudWatch", "importCloudWatch", largeCloudWatchExport(folder)],
      ["lines by patterns", "importLines", largeLineLogs(folder)],
    ];
    const rows: Row[] = [];
    for (const [i, [input, importer, path]] of inputs.entries()) {
      const program = importOf(path, `${folder}/each-${i}.db`, { importer });
      rows.push(...await importRows([[input, program]]));
    }
    return rows;
  },
};

/** Importing a large monitoring.db. */
export const monitoringDb: Part = {
  name: "monitoring",
  about: "monitoring.db: a line is a row",
  async run(folder) {
    const path = largeMonitoringDb(folder);
    return await importRows([
      ["dnpc, node:sqlite", importOf(path, `${folder}/monitored.db`)],
      ["dnpc, sql.js", importOf(path, "", { engine: "sqljs" })],
      ["Python, sqlite3", python("monitoring_db", path, folder), path],
    ]);
  },
};

const importOf = (path: string, file: string, options: object = {}) =>
  denoProgram("import.ts", path, file, JSON.stringify(options));

const python = (name: string, path: string, folder: string) =>
  pythonProgram(`${name}.py`, path, `${folder}/${name}.py.db`);

const bareLoop = (log: string, folder: string) =>
  denoProgram("bare_loop.ts", log, `${folder}/bare.db`);

async function importRows(
  programs: readonly [name: string, program: Program, file?: string][],
): Promise<Row[]> {
  const rows: Row[] = [];
  let bytes = NaN;
  for (const [name, program, file] of programs) {
    const measured = await measure(program);
    // Only the first row shows the size of the input.
    if (file) bytes = Deno.statSync(file).size;
    else if (measured.output.bytes) bytes = measured.output.bytes;
    rows.push(importRow(name, measured, bytes));
  }
  return rows;
}

function importRow(
  name: string,
  { seconds, memory, cpu, output: { lines = NaN, events = NaN } }: Measured,
  bytes: number,
): Row {
  return {
    "": name,
    "MB": megabytes(bytes),
    "s": seconds,
    "CPU s": cpu,
    "MB/s": megabytes(bytes) / seconds,
    "lines/s": lines / seconds,
    "events/s": events / seconds,
    "peak MB": megabytes(memory),
  };
}

/** The sqlite3 shell, importing the same events as CSV. */
async function shellImport(path: string, folder: string): Promise<Row> {
  const csv = `${folder}/event.csv`;
  const shell = (database: string, ...commands: string[]): Program => ({
    command: "sqlite3",
    args: [database, ...commands.flatMap((line) => ["-cmd", line]), "SELECT 1"],
  });
  await measure(
    shell(path, ".mode csv", `.output ${csv}`, "SELECT * FROM event"),
  );
  const measured = await measure(shell(
    `${folder}/shell.db`,
    `CREATE TABLE event (id INTEGER PRIMARY KEY, span_id INTEGER, time REAL,
       type TEXT, named INTEGER, attributes TEXT, source_id INTEGER,
       line INTEGER, offset INTEGER)`,
    ".mode csv",
    `.import ${csv} event`,
    "CREATE INDEX event_span_time ON event (span_id, time)",
    "CREATE INDEX event_type_time ON event (type, time)",
  ));
  const bytes = Deno.statSync(csv).size;
  return importRow("sqlite3 .import, the events as CSV", measured, bytes);
}
