import { basename, dirname } from "node:path";
import { bytesAt } from "./bytes.ts";
import { interchangeLog } from "./htex/interchange_log.ts";
import { managerLog } from "./htex/manager_log.ts";
import { workerLog } from "./htex/worker_log.ts";
import {
  interchangeJsonLog,
  managerJsonLog,
  parslJsonLog,
  workerJsonLog,
} from "./json_logs.ts";
import type { LogFormat, LogPlace } from "./logs/format.ts";
import { parslBeginning } from "./logs/prefix.ts";
import type { WholeFormat } from "./logs/whole_format.ts";
import { parslLog } from "./parsl/parsl_log.ts";
import { taskVineTransactions } from "./task_vine/transactions.ts";
import { tracingPickle } from "./tracing/tracing_pickle.ts";
import { debugLog } from "./work_queue/debug_log.ts";
import { functionLog } from "./work_queue/function_log.ts";
import { transactionLog } from "./work_queue/transaction_log.ts";

/** A kind of file that an importer reads. */
export type FileFormat = LogFormat | WholeFormat;

/** A log that was found, and what its path says of it. */
export interface FoundLog {
  format: FileFormat;
  place: LogPlace;
}

/**
 * Which of the known logs a file is, by the name that Parsl gives it and by the
 * form of its lines; undefined if it is none. What is in the path beside that,
 * the labels of executors and the numbers of runs, blocks and workers, may be
 * anything.
 */
export function recognizeLog(path: string): FoundLog | undefined {
  const name = basename(path);
  const kind = kinds.find(({ pattern, folder }) =>
    pattern.test(name) && (!folder || folder.test(dirname(path)))
  );
  if (!kind || !looksLikeLog(path, kind.format)) return undefined;
  return { format: kind.format, place: kind.place(path) };
}

/** A file as a log of this kind, whatever its name, if its lines are. */
export function logOfKind(
  path: string,
  format: FileFormat,
): FoundLog | undefined {
  const kind = kinds.find((kind) => kind.format === format);
  if (!kind || !looksLikeLog(path, format)) return undefined;
  return { format, place: kind.place(path) };
}

const parent = (path: string, levels: number): string =>
  levels === 0 ? path : parent(dirname(path), levels - 1);

const name = (path: string, levels: number) => basename(parent(path, levels));

const placeOfRun = (path: string): LogPlace => ({
  path,
  rundir: parent(path, 1),
});

const placeOfExecutor = (path: string): LogPlace => ({
  path,
  rundir: parent(path, 2),
  executor: name(path, 1),
});

const placeOfWorker = (path: string): LogPlace => ({
  ...placeOfManager(path),
  worker: basename(path).replace(/^worker_|\.\w+$/g, ""),
});

// function_data/0039/log is of the executor's task 39.
const placeOfFunction = (path: string): LogPlace => ({
  path,
  rundir: parent(path, 4),
  executor: name(path, 3),
  executorTask: name(path, 1).replace(/^0+(?=\d)/, ""),
});

const kinds: readonly {
  pattern: RegExp;
  /** Of a name that is not Parsl's alone: what it lies in. */
  folder?: RegExp;
  format: FileFormat;
  place: (path: string) => LogPlace;
}[] = [
  { pattern: /^parsl\.log$/, format: parslLog, place: placeOfRun },
  {
    pattern: /^interchange\.log$/,
    format: interchangeLog,
    place: placeOfExecutor,
  },
  { pattern: /^manager\.log$/, format: managerLog, place: placeOfManager },
  { pattern: /^worker_\w+\.log$/, format: workerLog, place: placeOfWorker },
  {
    pattern: /^transaction_log$/,
    format: transactionLog,
    place: placeOfExecutor,
  },
  { pattern: /^debug_log$/, format: debugLog, place: placeOfExecutor },
  {
    pattern: /^log$/,
    folder: /\/function_data\/\d+$/,
    format: functionLog,
    place: placeOfFunction,
  },
  {
    pattern: /^transactions$/,
    format: taskVineTransactions,
    place: placeOfTaskVine,
  },
  {
    pattern: /^parsl_tracing\.pickle$/,
    format: tracingPickle,
    place: placeOfRun,
  },
  { pattern: /^parsl\.jsonlog$/, format: parslJsonLog, place: placeOfRun },
  {
    pattern: /^interchange\.jsonlog$/,
    format: interchangeJsonLog,
    place: placeOfExecutor,
  },
  {
    pattern: /^manager\.jsonlog$/,
    format: managerJsonLog,
    place: placeOfManager,
  },
  {
    pattern: /^worker_\w+\.jsonlog$/,
    format: workerJsonLog,
    place: placeOfWorker,
  },
];

// RUNDIR/EXECUTOR/block-BLOCK/MANAGER/manager.log; without a level for the
// block before Parsl had any.
function placeOfManager(path: string): LogPlace {
  const manager = name(path, 1);
  const [, block] = /^block-(.*)$/.exec(name(path, 2)) ?? [];
  const levels = block === undefined ? 2 : 3;
  return {
    path,
    manager,
    ...(block === undefined ? {} : { block }),
    executor: name(path, levels),
    rundir: parent(path, levels + 1),
  };
}

// EXECUTOR/TIME/vine-logs/transactions. Parsl has the executor's directory beside
// those of its runs, for TaskVine keeps files from one run to the next: then
// each manager has a directory of its own, and the path does not tell its run.
function placeOfTaskVine(path: string): LogPlace {
  const logs = name(path, 1) === "vine-logs" ? 2 : 1;
  const levels = /^\d{4}-\d\d-\d\dT/.test(name(path, logs)) ? logs + 1 : logs;
  const isInRun = /^\d{3,}$/.test(name(path, levels + 1));
  return {
    path,
    rundir: parent(path, isInRun ? levels + 1 : logs),
    executor: name(path, levels),
  };
}

// Some line near the start begins as the lines of this log do. What a crash
// left there may be long.
function looksLikeLog(path: string, format: FileFormat): boolean {
  using file = Deno.openSync(path);
  if ("isOne" in format) return format.isOne(bytesAt(file, 0, 16));
  const { beginning = parslBeginning } = format;
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1 << 16);
  let rest = "";
  for (let i = 0; i < mostChunks; i++) {
    const length = file.readSync(chunk);
    if (length === null) break;
    const lines = (rest + decoder.decode(chunk.subarray(0, length))).split(
      "\n",
    );
    const isFound = lines.some((line) =>
      beginning.read(line.replace(/\r$/, ""), 0, 0) !== undefined
    );
    if (isFound) return true;
    // A line that two chunks share.
    rest = lines.at(-1)!.slice(0, chunk.length);
  }
  return false;
}

const mostChunks = 256;
