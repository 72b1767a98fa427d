import {
  importAcademyLog,
  importChromeTrace,
  importCloudWatch,
  importGlobusComputeLog,
  importHtexLogs,
  importJsonLog,
  importLines,
  importMonitoringDb,
  type ImportOptions,
  importOtlp,
  importParslLog,
  importParslTracing,
  type ImportReport,
  importRuninfo,
  importSlurmAccounting,
  importTaskVineLog,
  importWorkQueueLog,
  type LinePatterns,
} from "dnpc/importers";
import type { Database } from "dnpc/sql";

/** An importer, as the tests call it. */
export type Door = (
  db: Database,
  path: string,
  options?: ImportOptions,
) => Promise<ImportReport>;

const patterns: LinePatterns = {
  time: /^(?<time>[\d.]+) .*?:\d+ \S+ /,
  lines: [
    { match: /FUNC (?<call>\d+) (?<event>\w+)/, span: "call" },
    { match: /BIND (?<call>\d+) (?<task>.+)/, span: "call", details: ["task"] },
    { match: /./, span: "program" },
  ],
};

/** All importers, by their names. */
export const doors = {
  importRuninfo,
  importMonitoringDb,
  importParslLog,
  importHtexLogs,
  importWorkQueueLog,
  importTaskVineLog,
  importParslTracing,
  importSlurmAccounting,
  importAcademyLog,
  importGlobusComputeLog,
  importOtlp,
  importChromeTrace,
  importJsonLog,
  importCloudWatch,
  importLines: (db, path, options) => importLines(db, path, patterns, options),
} satisfies Record<string, Door>;

export type DoorName = keyof typeof doors;
