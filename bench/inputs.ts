import { basename } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { chunksOf } from "../importers/container/chunks.ts";
import { unpack } from "../importers/container/unpack.ts";
import {
  repeatList,
  repeatLogs,
  type Shift,
  shiftIds,
  shiftJobs,
  shiftParsl,
  shiftTimestamps,
  shiftTransactions,
  writeFile,
} from "./repeat.ts";

const shared = "../shared/data";
const fixtures = "tests/fixtures";

/**
 * The text logs of a large run: a real one if available, else repeated logs of a
 * small one. Returns the runinfo; all parts share it.
 */
export function largeTextLogs(folder: string): string {
  const runinfo = `${folder}/big-text/runinfo`;
  const archive = `${shared}/big-text.tar.gz`;
  if (isThere(runinfo)) return runinfo;
  if (isThere(archive)) {
    for (const { path, chunks } of unpack(archive, chunksOf(archive))) {
      writeFile(folder + path.slice(archive.length), chunks);
    }
    return runinfo;
  }
  repeatLogs(`${fixtures}/htex-2026/runinfo`, runinfo, 200e6, shiftParsl);
  return runinfo;
}

/** Repeated JSON logs of a run. */
export function largeJsonLogs(folder: string): string {
  const runinfo = `${folder}/runinfo`;
  const real = `${shared}/head-json/runinfo`;
  const small = `${fixtures}/head-json/runinfo`;
  repeatLogs(isThere(real) ? real : small, runinfo, 100e6, shiftParsl);
  return runinfo;
}

/** A monitoring.db with the repeated tasks of a real one. */
export function largeMonitoringDb(folder: string, bytes = 110e6): string {
  const path = `${folder}/monitoring.db`;
  const real = `${shared}/mon-htex/runinfo/monitoring.db`;
  const small = `${fixtures}/tz/runinfo/monitoring.db`;
  Deno.mkdirSync(folder, { recursive: true });
  Deno.copyFileSync(isThere(real) ? real : small, path);
  Deno.chmodSync(path, 0o644);
  const copies = Math.ceil(bytes / Deno.statSync(path).size);
  const db = new DatabaseSync(path);
  for (const table of ["task", "try", "status", "resource"]) {
    const columns = db.prepare(`PRAGMA table_info("${table}")`).all()
      .map(({ name }) => String(name));
    const values = columns.map((name) =>
      name === "task_id" ? "task_id + 1000 * value" : name
    );
    db.exec(`
      WITH RECURSIVE copy (value) AS (
        SELECT 1 UNION ALL SELECT value + 1 FROM copy
        WHERE value < ${copies - 1})
      INSERT INTO "${table}" (${columns})
      SELECT ${values} FROM copy CROSS JOIN (SELECT * FROM "${table}")`);
  }
  db.close();
  return path;
}

/** An input that can have any size. */
export interface Input {
  /** The function that imports it. By default importRuninfo. */
  importer?: string;
  /** Writes it below an empty folder, and returns its path. */
  write(folder: string, bytes: number): string;
}

/**
 * An input for each importer, by what it is. Python's pickles cannot be
 * repeated.
 */
export const inputs: Readonly<Record<string, Input>> = {
  "parsl.log": repeated("htex-2026/runinfo/000/parsl.log", shiftParsl),
  "logs of the high throughput executor": repeated(
    "htex-2026/runinfo/000/htex_Local",
    shiftParsl,
  ),
  "JSON logs of Parsl": repeated("head-json/runinfo", shiftParsl),
  "monitoring.db": { write: largeMonitoringDb },
  "Work Queue's transaction_log": repeated(
    "wq/runinfo/000/WorkQueueExecutor/transaction_log",
    shiftTransactions,
  ),
  "Work Queue's debug_log": repeated(
    "wq/runinfo/000/WorkQueueExecutor/debug_log",
    shiftTransactions,
  ),
  "TaskVine's transactions": repeated("taskvine/lnni", shiftTransactions),
  "Globus Compute's endpoint.log": repeated(
    "globus_compute/endpoint.log",
    shiftIds,
  ),
  "Academy's JSON log": repeated("academy/counter.jsonlog", shiftIds),
  "Slurm's sacct": repeated("slurm/sacct.txt", shiftJobs),
  "OpenTelemetry's traces": repeated("otlp/traces.jsonl", shiftIds),
  "Chrome's traces": repeatedList(
    "chrome/viztracer.json",
    "traceEvents",
    shiftTimestamps,
  ),
  "JSON of another program, as records": {
    ...repeated("academy/counter.jsonlog", shiftIds),
    importer: "importJsonLog",
  },
  "CloudWatch's export": {
    ...repeatedList("cloudwatch/get-query-results.json", "results", shiftIds),
    importer: "importCloudWatch",
  },
  "lines of another program, by patterns": {
    ...repeated("funcx/worker_logs", shiftIds),
    importer: "importLines",
  },
};

function repeated(fixture: string, shift: Shift): Input {
  return {
    write(folder, bytes) {
      const path = `${folder}/${basename(fixture)}`;
      repeatLogs(`${fixtures}/${fixture}`, path, bytes, shift);
      return path;
    },
  };
}

function repeatedList(fixture: string, name: string, shift: Shift): Input {
  return {
    write(folder, bytes) {
      const path = `${folder}/${basename(fixture)}`;
      repeatList(`${fixtures}/${fixture}`, path, name, bytes, shift);
      return path;
    },
  };
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
