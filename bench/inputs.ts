import { DatabaseSync } from "node:sqlite";
import { chunksOf } from "../importers/container/chunks.ts";
import { unpack } from "../importers/container/unpack.ts";
import { repeatLogs, shiftTransactions, writeFile } from "./repeat_logs.ts";

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
  repeatLogs(`${fixtures}/htex-2026/runinfo`, runinfo, { bytes: textBytes });
  return runinfo;
}

/** Repeated JSON logs of a run. */
export function largeJsonLogs(folder: string): string {
  const runinfo = `${folder}/json/runinfo`;
  if (isThere(runinfo)) return runinfo;
  repeatLogs(largerOf("head-json"), runinfo, { bytes: jsonBytes });
  return runinfo;
}

/** Repeated logs of a Work Queue run. */
export function largeWorkQueueLogs(folder: string): string {
  const runinfo = `${folder}/work-queue/runinfo`;
  repeatLogs(`${fixtures}/wq/runinfo/000/WorkQueueExecutor`, runinfo, {
    bytes: 2 * otherBytes,
    shift: shiftTransactions,
  });
  return runinfo;
}

/** Repeated transaction logs of a TaskVine run. */
export function largeTaskVineLogs(folder: string): string {
  const logs = `${folder}/taskvine`;
  repeatLogs(`${fixtures}/taskvine`, logs, {
    bytes: otherBytes,
    shift: shiftTransactions,
  });
  return logs;
}

/** The largest available trace of a DESC branch of Parsl. */
export const tracedRun = (): string => `${largerOf("desc-wq")}/000`;

/** Repeated worker logs of another program. */
export function largeLineLogs(folder: string): string {
  const logs = `${folder}/lines`;
  repeatLogs(`${fixtures}/funcx/worker_logs`, logs, { bytes: otherBytes });
  return logs;
}

/** Repeated JSON logs of another program. */
export function largeUnknownJson(folder: string): string {
  const logs = `${folder}/academy`;
  repeatLogs(`${fixtures}/academy`, logs, { bytes: otherBytes });
  return logs;
}

/** An export from CloudWatch with repeated records. */
export function largeCloudWatchExport(folder: string): string {
  const path = `${folder}/get-query-results.json`;
  const text = Deno.readTextFileSync(
    `${fixtures}/cloudwatch/get-query-results.json`,
  );
  const { results, ...others } = JSON.parse(text);
  const times = Math.ceil(otherBytes / JSON.stringify(results).length);
  const repeated = new Array(times).fill(results).flat();
  Deno.writeTextFileSync(
    path,
    JSON.stringify({ results: repeated, ...others }),
  );
  return path;
}

/** A monitoring.db with the repeated tasks of a real one. */
export function largeMonitoringDb(folder: string): string {
  const path = `${folder}/monitoring.db`;
  if (isThere(path)) return path;
  Deno.copyFileSync(
    isThere(`${shared}/mon-htex`)
      ? `${shared}/mon-htex/runinfo/monitoring.db`
      : `${fixtures}/tz/runinfo/monitoring.db`,
    path,
  );
  Deno.chmodSync(path, 0o644);
  const db = new DatabaseSync(path);
  const tables = ["task", "try", "status", "resource"];
  const rows = tables.reduce((sum, table) => {
    const { n } = db.prepare(`SELECT count(*) AS n FROM "${table}"`).get()!;
    return sum + Number(n);
  }, 0);
  for (const table of tables) {
    const columns = db.prepare(`PRAGMA table_info("${table}")`).all()
      .map(({ name }) => String(name));
    const values = columns.map((name) =>
      name === "task_id" ? "task_id + 1000 * value" : name
    );
    db.exec(`
      WITH RECURSIVE time (value) AS (
        SELECT 1 UNION ALL SELECT value + 1 FROM time
        WHERE value < ${Math.ceil(monitoringRows / rows) - 1})
      INSERT INTO "${table}" (${columns})
      SELECT ${values} FROM time CROSS JOIN (SELECT * FROM "${table}")`);
  }
  db.close();
  return path;
}

const textBytes = 200e6;
const jsonBytes = 100e6;
const otherBytes = 20e6;
const monitoringRows = 1e6;

function largerOf(name: string): string {
  const path = `${shared}/${name}/runinfo`;
  return isThere(path) ? path : `${fixtures}/${name}/runinfo`;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
