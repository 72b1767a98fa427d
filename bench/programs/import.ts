// Imports a path into a new database, and prints the processor seconds.
import {
  importCloudWatch,
  importHtexLogs,
  importJsonLog,
  importLines,
  type ImportOptions,
  importParslLog,
  importParslTracing,
  type ImportReport,
  importRuninfo,
  importTaskVineLog,
  importWorkQueueLog,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { cpuSeconds } from "../measure.ts";

type Importer = (
  db: Database,
  path: string,
  options: ImportOptions,
) => Promise<ImportReport>;

const span = "funcx.worker.task";
const importers: Record<string, Importer> = {
  importRuninfo,
  importParslLog,
  importHtexLogs,
  importWorkQueueLog,
  importTaskVineLog,
  importParslTracing,
  importJsonLog,
  importCloudWatch: (db: Database, path: string) =>
    importCloudWatch(db, path, {
      span: "funcx.task",
      identity: { task: "task_id" },
      event: "message",
    }),
  importLines: (db: Database, path: string) =>
    importLines(db, path, {
      path: /(?<manager>\w+)\/funcx_worker_(?<worker>\d+)\.log$/,
      time: /^(?<time>[\d.]+) .*? (?<level>[A-Z]+) .*?:\d+ \S+ /,
      lines: [
        {
          match: /Received task with task_id='(?<task>.+?)'/,
          span,
          event: "received",
        },
        { match: /task (?<task>\S+) completed$/, span, event: "completed" },
      ],
    }),
};

const [path = "", file = "", written = "{}"] = Deno.args;
const options: ImportOptions & {
  engine?: "native" | "sqljs";
  importer?: string;
} = JSON.parse(written);
const { engine = "native", importer = "importRuninfo", ...reading } = options;
using db = engine === "native"
  ? await openDatabase(file)
  : await openDatabase(undefined, { engine });
const start = cpuSeconds();
const report = await importers[importer]!(db, path, reading);
const seconds = cpuSeconds() - start;
const sum = (of: "bytes" | "lines") =>
  report.sources.reduce((total, source) => total + source[of], 0);
console.log(JSON.stringify({
  seconds,
  bytes: sum("bytes"),
  lines: sum("lines"),
  spans: report.spans,
}));
