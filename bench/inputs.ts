import { unpack } from "../importers/files/unpack.ts";
import { piecesOf } from "../importers/files/pieces.ts";
import { dirname } from "node:path";

const shared = "../shared/data";

/**
 * The text logs of a large run: a real one where it is there, else the logs of
 * a small one, many times over.
 */
export function largeTextLogs(folder: string): string {
  const runinfo = `${folder}/big-text/runinfo`;
  if (isThere(runinfo)) return runinfo;
  const archive = `${shared}/big-text.tar.gz`;
  if (isThere(archive)) {
    for (const { path, pieces } of unpack(archive, piecesOf(archive))) {
      write(folder + path.slice(archive.length), pieces);
    }
  } else repeatTextLogs("tests/fixtures/htex-2026/runinfo", runinfo, 400);
  return runinfo;
}

export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function write(path: string, pieces: Iterable<Uint8Array>): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  using file = Deno.openSync(path, { create: true, write: true });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      at += file.writeSync(piece.subarray(at));
    }
  }
}

/** Writes logs many times over, with other tasks and later times each time. */
function repeatTextLogs(from: string, to: string, times: number): void {
  const tasks = 1000;
  const read = (path: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(`${from}/${path}`)) {
      const file = `${path}/${name}`;
      if (isDirectory) read(file);
      else if (name.endsWith(".log")) repeat(file);
    }
  };
  const repeat = (path: string) => {
    const text = Deno.readTextFileSync(from + path);
    const encoder = new TextEncoder();
    const pieces = function* () {
      for (let time = 0; time < times; time++) {
        yield encoder.encode(shifted(text, tasks * time, 60 * time));
      }
    };
    write(to + path, pieces());
  };
  read("");
}

// "Run id is" is once in a log.
function shifted(text: string, tasks: number, seconds: number): string {
  const later = text
    .replace(/^\d{10}(?=\.)/gm, (time) => String(Number(time) + seconds))
    .replace(
      /(?<=\b(?:task|executor id) )\d+/gi,
      (number) => String(Number(number) + tasks),
    )
    .replace(
      /(?<=tasks: \[)[\d, ]+/g,
      (list) => list.replace(/\d+/g, (one) => String(Number(one) + tasks)),
    );
  return tasks === 0 ? later : later.replace(/^.*Run id is.*\n/m, "");
}
