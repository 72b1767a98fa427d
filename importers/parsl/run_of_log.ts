import type { ClockOffset, ShownClock } from "../logs/clock.ts";

/** What a parsl.log shows of its run before it is read in full. */
export interface RunOfLog {
  /** The id of the run whose directory it lies in: the first that it names. */
  run: string | undefined;
  /** The clock, if any line shows it. */
  clock: ShownClock | undefined;
}

/**
 * Looks into a parsl.log for the id of its run, and for what its clock showed:
 * each line starts with a Unix time and the same moment in local time. The log
 * is not read in full: where its ends differ, the changes between are looked
 * for by halves.
 */
export function runOfLog(path: string): RunOfLog {
  using file = Deno.openSync(path);
  const { size } = Deno.statSync(path);
  const at = (offset: number) => momentAfter(file, offset, size);
  const first = at(0);
  const last = lastMoment(file, size);
  return {
    run: firstRun(file, size),
    clock: first && last && {
      first: first.unix,
      last: last.unix,
      offsets: [
        { since: first.unix, offset: first.ahead },
        ...changes(at, first, last),
      ],
    },
  };
}

interface Moment {
  unix: number;
  /** Seconds that the clock was ahead of UTC. */
  ahead: number;
  /** The byte at which the line starts. */
  offset: number;
}

const chunk = 1 << 16;
const decoder = new TextDecoder("latin1");
const stamp =
  /(?:^|\n)(\d{9,10}\.\d{1,9}) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) /g;

function read(file: Deno.FsFile, offset: number, length: number): string {
  const buffer = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return decoder.decode(buffer.subarray(0, filled));
}

function* moments(text: string, offset: number): Generator<Moment> {
  for (const match of text.matchAll(stamp)) {
    const [, unix, date, time] = match;
    const local = Date.parse(`${date}T${time}Z`) / 1000;
    if (Number.isNaN(local)) continue;
    // The local time is cut to the second; zones are whole quarters of an hour.
    const ahead = Math.round((local - Math.floor(Number(unix))) / 900) * 900;
    yield { unix: Number(unix), ahead, offset: offset + match.index };
  }
}

function momentAfter(
  file: Deno.FsFile,
  offset: number,
  size: number,
): Moment | undefined {
  for (let from = offset; from < size; from += chunk / 2) {
    const found = moments(read(file, from, chunk), from).next();
    if (!found.done) return found.value;
  }
  return undefined;
}

function lastMoment(file: Deno.FsFile, size: number): Moment | undefined {
  for (let from = size - chunk; from > -chunk; from -= chunk / 2) {
    const start = Math.max(0, from);
    const found = [...moments(read(file, start, chunk), start)].at(-1);
    if (found) return found;
  }
  return undefined;
}

function changes(
  at: (offset: number) => Moment | undefined,
  before: Moment,
  after: Moment,
): ClockOffset[] {
  if (before.ahead === after.ahead) return [];
  let low = before;
  let high = after;
  while (high.offset - low.offset > 1) {
    const middle = at(Math.floor((low.offset + high.offset) / 2) + 1);
    if (!middle || middle.offset >= high.offset) {
      const next = at(low.offset + 1);
      if (!next || next.offset >= high.offset) break;
      if (next.ahead === low.ahead) low = next;
      else high = next;
    } else if (middle.ahead === low.ahead) low = middle;
    else high = middle;
  }
  return [
    { since: high.unix, offset: high.ahead },
    ...changes(at, high, after),
  ];
}

function firstRun(file: Deno.FsFile, size: number): string | undefined {
  for (let from = 0; from < size; from += chunk / 2) {
    const [, run] = / Run id is: (\S+)\s/.exec(read(file, from, chunk)) ?? [];
    if (run) return run;
  }
  return undefined;
}
