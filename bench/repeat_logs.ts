import { dirname } from "node:path";

/** Options for repeating logs. */
export interface Repetition {
  /** Target size in bytes. */
  bytes: number;
  /** Offset between the task numbers of two copies: the maximum per copy. */
  tasks?: number;
  /** Returns a copy of the text with shifted task numbers and times. */
  shift?: (text: string, tasks: number, seconds: number) => string;
}

/** Writes repeated copies of the logs below a directory, a minute apart. */
export function repeatLogs(
  from: string,
  to: string,
  { bytes, tasks = 1000, shift = shiftParsl }: Repetition,
): void {
  const logs = logsBelow(from);
  const once = logs.reduce(
    (sum, path) => sum + Deno.statSync(from + path).size,
    0,
  );
  const times = Math.ceil(bytes / once);
  const encoder = new TextEncoder();
  for (const path of logs) {
    const text = Deno.readTextFileSync(from + path);
    const chunks = function* () {
      for (let time = 0; time < times; time++) {
        yield encoder.encode(shift(text, tasks * time, 60 * time));
      }
    };
    writeFile(to + path, chunks());
  }
}

/** Writes a file, creating its parent directories. */
export function writeFile(path: string, chunks: Iterable<Uint8Array>): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  using file = Deno.openSync(path, { create: true, write: true });
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      at += file.writeSync(chunk.subarray(at));
    }
  }
}

function logsBelow(folder: string, path = ""): string[] {
  return [...Deno.readDirSync(folder + path)].flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory) return logsBelow(folder, below);
    return /\.(?:log|jsonlog)$|\/(?:transaction_log|transactions|debug_log)$/
        .test(below)
      ? [below]
      : [];
  });
}

/** Shifts task numbers and times in Work Queue's transaction_log. */
export function shiftTransactions(
  text: string,
  tasks: number,
  seconds: number,
): string {
  const later = text
    .replace(/^\d{16}/gm, (time) => String(Number(time) + 1e6 * seconds))
    .replace(/(?<= TASK )\d+/g, (task) => String(Number(task) + tasks));
  // Only the first copy has the header.
  return tasks === 0 ? later : later.replace(/^(?:#.*| *)\n/gm, "");
}

function shiftParsl(text: string, tasks: number, seconds: number): string {
  const add = (number: string) => String(Number(number) + tasks);
  const later = text
    .replace(
      /(?<=^|"created": "?)\d{10}(?=\.)/gm,
      (time) => String(Number(time) + seconds),
    )
    .replace(/(?<=\b(?:[Tt]ask|executor id) |task(?:_id)?": "?)\d+/g, add)
    .replace(/(?<=tasks: \[)[\d, ]+/g, (list) => list.replace(/\d+/g, add));
  // Appears only once in a log.
  return tasks === 0 ? later : later.replace(/^.*Run id is.*\n/m, "");
}
