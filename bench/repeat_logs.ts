import { dirname } from "node:path";

/**
 * Writes the logs below a directory many times over, until there are so many
 * bytes: with other tasks, as many as there are at most, and a minute later,
 * each time.
 */
export function repeatLogs(
  from: string,
  to: string,
  bytes: number,
  tasks = 1000,
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
    const pieces = function* () {
      for (let time = 0; time < times; time++) {
        yield encoder.encode(shifted(text, tasks * time, 60 * time));
      }
    };
    writeFile(to + path, pieces());
  }
}

/** Writes a file, and the directories that it is in. */
export function writeFile(path: string, pieces: Iterable<Uint8Array>): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  using file = Deno.openSync(path, { create: true, write: true });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      at += file.writeSync(piece.subarray(at));
    }
  }
}

function logsBelow(folder: string, path = ""): string[] {
  return [...Deno.readDirSync(folder + path)].flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory) return logsBelow(folder, below);
    return /\.(?:log|jsonlog)$/.test(below) ? [below] : [];
  });
}

function shifted(text: string, tasks: number, seconds: number): string {
  const add = (number: string) => String(Number(number) + tasks);
  const later = text
    .replace(
      /(?<=^|"created": "?)\d{10}(?=\.)/gm,
      (time) => String(Number(time) + seconds),
    )
    .replace(/(?<=\b(?:[Tt]ask|executor id) |task(?:_id)?": "?)\d+/g, add)
    .replace(/(?<=tasks: \[)[\d, ]+/g, (list) => list.replace(/\d+/g, add));
  // It is once in a log.
  return tasks === 0 ? later : later.replace(/^.*Run id is.*\n/m, "");
}
