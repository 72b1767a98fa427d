import { basename, dirname } from "node:path";
import { interchangeLog } from "../formats/htex/interchange_log.ts";
import { managerLog } from "../formats/htex/manager_log.ts";
import { workerLog } from "../formats/htex/worker_log.ts";
import {
  interchangeJsonLog,
  managerJsonLog,
  parslJsonLog,
  processJsonLog,
  workerJsonLog,
} from "../formats/json/parsl_logs.ts";
import { recordsLog } from "../formats/json/records_log.ts";
import type { LogFormat, LogPlace } from "../formats/format.ts";
import { parslBeginning } from "../lines/prefix.ts";
import { processLog } from "../formats/monitoring/process_log.ts";
import { parslLog } from "../formats/parsl/parsl_log.ts";
import { tryLog } from "../formats/parsl/try_log.ts";
import type { WholeFormat } from "../formats/whole_format.ts";
import { taskVineTransactions } from "../formats/task_vine/transactions.ts";
import { tracingPickle } from "../formats/tracing/tracing_pickle.ts";
import { debugLog } from "../formats/work_queue/debug_log.ts";
import { functionLog } from "../formats/work_queue/function_log.ts";
import { transactionLog } from "../formats/work_queue/transaction_log.ts";

/** A kind of file that an importer reads. */
export type FileFormat = LogFormat | WholeFormat;

/** A log that was found, and what its path says of it. */
export interface FoundLog {
  format: FileFormat;
  place: LogPlace;
}

/**
 * Which of the known logs a file would be by its path, as Parsl names it;
 * undefined if it is none. What is in the path beside that, the labels of
 * executors and the numbers of runs, blocks and workers, may be anything.
 */
export function logAt(path: string): FoundLog | undefined {
  const name = basename(path);
  const kind = kinds.find(({ pattern, folder }) =>
    pattern.test(name) && (!folder || folder.test(dirname(path)))
  );
  return kind && { format: kind.format, place: kind.place(path) };
}

/** A file as a log of this kind, whatever its name. */
export function logOfKind(
  path: string,
  format: FileFormat,
): FoundLog | undefined {
  const kind = kinds.find((kind) => kind.format === format);
  return kind && { format, place: kind.place(path) };
}

/** Tells, piece by piece, whether a file is a log of the kind it is named. */
export interface LineSniffer {
  /** Whether a line begins as those of the log do; undefined: not yet. */
  sniff(piece: Uint8Array): boolean | undefined;
}

/**
 * Looks for a line near the start that begins as the lines of this log do. What
 * a crash left there may be long.
 */
export function lineSniffer(
  format: FileFormat,
): LineSniffer {
  if ("isOne" in format) return { sniff: (piece) => format.isOne(piece) };
  const { beginning = parslBeginning } = format;
  const decoder = new TextDecoder();
  let rest = "";
  let length = 0;
  const looksRight = (line: string) =>
    beginning.read(line.replace(/\r$/, ""), 0, 0) !== undefined;
  return {
    sniff(piece) {
      // The first lines tell, but where they are damaged.
      for (let at = 0; at < piece.length; at += sniffedAtOnce) {
        const text = rest +
          decoder.decode(piece.subarray(at, at + sniffedAtOnce));
        const lines = text.split("\n");
        if (lines.some(looksRight)) return true;
        // A line that two pieces share.
        rest = lines.at(-1)!.slice(0, sniffedAtOnce);
      }
      length += piece.length;
      return length > mostSniffed ? false : undefined;
    },
  };
}

const sniffedAtOnce = 1 << 16;
const mostSniffed = 1 << 24;

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

// Also in the directory of an executor.
const placeOfProcess = (path: string): LogPlace => {
  const process = basename(path).replace(/\.\w+$/, "");
  const isExecutors = /^monitoring_zmq_router$/.test(process);
  return {
    ...isExecutors ? placeOfExecutor(path) : placeOfRun(path),
    process,
  };
};

const placeOfTry = (path: string): LogPlace => {
  const [, task = "", number = ""] = /_(\d+)_(\d+)\./.exec(basename(path)) ??
    [];
  return { ...placeOfRun(path), task, try: number };
};

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
  { pattern: /^task_\d+_\d+\.jsonlog$/, format: tryLog, place: placeOfTry },
  {
    pattern: /^(?:database_manager|monitoring_\w+)\.log$/,
    format: processLog,
    place: placeOfProcess,
  },
  {
    pattern: /^(?:database_manager|monitoring_\w+)\.jsonlog$/,
    format: processJsonLog,
    place: placeOfProcess,
  },
  // Whatever else is written as JSON, a record a line.
  {
    pattern: /\.(?:jsonlog|jsonl|ndjson)$|^monitoring\.json$/,
    format: recordsLog(),
    place: placeOfRun,
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
