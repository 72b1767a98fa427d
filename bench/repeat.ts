import { basename, dirname } from "node:path";
import { writeChunks } from "../importers/container/chunks.ts";

/**
 * Returns a copy of a text with other ids and times.
 *
 * @param copy number of the copy; 0 is the text itself
 */
export type Shift = (text: string, copy: number) => string;

/** Writes copies of a log, or of all logs below a directory. */
export function repeatLogs(
  from: string,
  to: string,
  bytes: number,
  shift: Shift,
): void {
  const logs = Deno.statSync(from).isDirectory ? logsBelow(from) : [""];
  const once = logs.reduce(
    (sum, path) => sum + Deno.statSync(from + path).size,
    0,
  );
  const copies = Math.ceil(bytes / once);
  for (const path of logs) {
    const text = Deno.readTextFileSync(from + path);
    writeFile(to + path, copiesOf(text, copies, shift));
  }
}

/** Writes a JSON object with copies of the members of one of its lists. */
export function repeatList(
  from: string,
  to: string,
  name: string,
  bytes: number,
  shift: Shift,
): void {
  const { [name]: list, ...others } = JSON.parse(Deno.readTextFileSync(from));
  const text = JSON.stringify(list).slice(1, -1);
  const copies = Math.ceil(bytes / text.length);
  const separated: Shift = (text, copy) =>
    (copy === 0 ? "" : ",\n") + shift(text, copy);
  const encoder = new TextEncoder();
  writeFile(
    to,
    function* () {
      yield encoder.encode(`{"${name}":[`);
      yield* copiesOf(text, copies, separated);
      yield encoder.encode(`],${JSON.stringify(others).slice(1)}`);
    }(),
  );
}

/** Writes a file, creating its parent directories. */
export function writeFile(path: string, chunks: Iterable<Uint8Array>): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  writeChunks(path, chunks);
}

/** Parsl's logs, a minute apart, each with the next 1,000 task numbers. */
export const shiftParsl: Shift = (text, copy) => shiftTasks(text, copy, 60);

/**
 * The same, other seconds apart. A line has its time twice, and only the Unix time
 * is changed: ten hours in all are believed to be a time zone.
 */
export const shiftTasks = (
  text: string,
  copy: number,
  seconds: number,
): string => {
  const add = (number: string) => String(Number(number) + 1000 * copy);
  const later = text
    .replace(
      /(?<=^|"created": "?)\d{10}(?=\.)/gm,
      (time) => String(Number(time) + seconds * copy),
    )
    .replace(/(?<=\b(?:[Tt]ask|executor id) |task(?:_id)?": "?)\d+/g, add)
    .replace(/(?<=tasks: \[)[\d, ]+/g, (list) => list.replace(/\d+/g, add));
  // Appears only once in a log.
  return copy === 0 ? later : later.replace(/^.*Run id is.*\n/m, "");
};

/** transaction_log and transactions of Work Queue and TaskVine. */
export const shiftTransactions: Shift = (text, copy) => {
  const later = text
    .replace(/^\d{16}/gm, (time) => String(Number(time) + 60e6 * copy))
    .replace(/(?<= TASK )\d+/g, (task) => String(Number(task) + 1000 * copy));
  // Only the first copy has the header.
  return copy === 0 ? later : later.replace(/^(?:#.*| *)\n/gm, "");
};

/** The ids of OpenTelemetry, and UUIDs. */
export const shiftIds: Shift = (text, copy) =>
  text.replace(
    /\b[\da-f]{8}(?=-[\da-f]{4}-)|(?<="(?:trace|span|parentSpan)Id":")[\da-f]{8}/g,
    (id) => ((parseInt(id, 16) + copy) % 2 ** 32).toString(16).padStart(8, "0"),
  );

/** The jobs of sacct's output, below one header. */
export const shiftJobs: Shift = (text, copy) =>
  (copy === 0 ? text : text.slice(text.indexOf("\n") + 1))
    .replace(/^\d+/gm, (job) => String(Number(job) + 1000 * copy));

/** The times of a trace in Chrome's format, ten seconds apart. */
export const shiftTimestamps: Shift = (text, copy) =>
  text.replace(/(?<="ts":)[\d.]+/g, (ts) => String(Number(ts) + 1e7 * copy));

function* copiesOf(
  text: string,
  copies: number,
  shift: Shift,
): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let copy = 0; copy < copies; copy++) {
    yield encoder.encode(shift(text, copy));
  }
}

const logNames = new Set(["transaction_log", "transactions", "debug_log"]);

function logsBelow(folder: string, path = ""): string[] {
  return [...Deno.readDirSync(folder + path)].flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory) return logsBelow(folder, below);
    const isLog = /\.(?:log|jsonlog)$/.test(below) ||
      logNames.has(basename(below));
    return isLog ? [below] : [];
  });
}
