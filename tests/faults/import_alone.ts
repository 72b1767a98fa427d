// Imports one path in a separate process, and prints the result and the peak
// memory and processor time as JSON: `deno run -A import_alone.ts DOOR PATH [DATABASE]`.

import process from "node:process";
import { openDatabase } from "dnpc/sql";
import { type DoorName, doors } from "./doors.ts";

/** Result of an import in a separate process. */
export interface Alone {
  /** The error that the import threw, if any. */
  error?: { name: string; message: string; stack: string };
  sources: {
    path: string;
    outcome: string;
    error?: string;
    lines: number;
    matched: number;
    malformed: number;
    continued: number;
    events: number;
  }[];
  notRead: { path: string; reason?: string }[];
  /** Peak memory of the process, in MB. */
  peak: number;
  /** Processor time of the import, in microseconds. */
  cost: number;
}

if (import.meta.main) {
  const [door, path, database] = Deno.args;
  const result: Alone = { sources: [], notRead: [], peak: 0, cost: 0 };
  const before = process.cpuUsage();
  try {
    using db = await openDatabase(database, { engine: "native" });
    const timeZone = "America/New_York";
    const { sources, notRead } = await doors[door as DoorName](db, path!, {
      timeZone,
      progress: false,
    });
    result.sources = sources;
    result.notRead = notRead;
  } catch (thrown) {
    const { name, message, stack = "" } = thrown as Error;
    result.error = { name, message, stack };
  }
  const { user, system } = process.cpuUsage(before);
  result.cost = user + system;
  const status = Deno.readTextFileSync("/proc/self/status");
  result.peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
  console.log(JSON.stringify(result));
}
