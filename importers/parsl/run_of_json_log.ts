import type { RunOfLog } from "./run_of_log.ts";

/**
 * Looks into a parsl.jsonlog for the id of its run, and for what the clock of
 * its machine showed: records have Unix times alone, but one says when the run
 * began by the local clock. It stands among the first.
 */
export function runOfJsonLog(path: string): RunOfLog {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const start = readAt(file, 0, 1 << 20);
  const end = readAt(file, Math.max(0, size - (1 << 16)), 1 << 16);
  const [, run] = /"Run id is: ([^\s"\\]+)"/.exec(start) ?? [];
  const [, created, local] =
    /"created": "?([\d.]+)[^\n]*"parsl\.workflow_info\.time_began": "([-\d]+ [\d:.]+)"/
      .exec(start) ?? [];
  const [first] = timesIn(start);
  const last = timesIn(end).at(-1);
  if (created === undefined || first === undefined || last === undefined) {
    return { run, clock: undefined };
  }
  const ahead = Date.parse(`${local!.replace(" ", "T")}Z`) / 1000 -
    Number(created);
  // Zones are whole quarters of an hour.
  const offset = Math.round(ahead / 900) * 900;
  return {
    run,
    clock: { first, last, offsets: [{ since: first, shown: first, offset }] },
  };
}

const timesIn = (text: string): number[] =>
  [...text.matchAll(/(?:^|\n)\{"created": "?(\d+\.\d+)/g)]
    .map(([, time]) => Number(time));

function readAt(file: Deno.FsFile, offset: number, length: number): string {
  const buffer = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  const count = file.readSync(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, count));
}
