import { bytesAt } from "../bytes.ts";
import {
  type ClockOffset,
  offsetBetween,
  type ShownClock,
} from "../logs/clock.ts";

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
  const first = momentAfter(file, 0, size);
  const last = lastMoment(file, size);
  return {
    run: firstRun(file, size),
    clock: first && last && {
      first: first.unix,
      last: last.unix,
      offsets: [
        { since: first.unix, shown: first.unix, offset: first.ahead },
        ...changes(file, first, last, size),
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
const stamp = /(^|\n)(\d{9,10}\.\d{1,9}) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) /g;

const read = (file: Deno.FsFile, offset: number, length: number): string =>
  decoder.decode(bytesAt(file, offset, length));

function* moments(text: string, offset: number): Generator<Moment> {
  for (const match of text.matchAll(stamp)) {
    const [, newline = "", unix, date, time] = match;
    // The text may start inside of a line.
    if (newline === "" && offset > 0) continue;
    const local = Date.parse(`${date}T${time}Z`) / 1000;
    if (Number.isNaN(local)) continue;
    // The local time is cut to the second.
    const ahead = offsetBetween(Math.floor(Number(unix)), local);
    const start = offset + match.index + newline.length;
    yield { unix: Number(unix), ahead, offset: start };
  }
}

// A line that is alone in what it shows is damaged: where the clock changes,
// more than one line follows.
function agreeing(found: readonly Moment[]): readonly Moment[] {
  const agreed = found.filter(({ ahead }, i) =>
    ahead === found[i - 1]?.ahead || ahead === found[i + 1]?.ahead
  );
  return agreed.length ? agreed : found;
}

function momentAfter(
  file: Deno.FsFile,
  offset: number,
  size: number,
): Moment | undefined {
  // With the newline before, which tells the start of a line.
  const start = Math.max(0, offset - 1);
  for (let from = start; from < size; from += chunk / 2) {
    const found = agreeing([...moments(read(file, from, chunk), from)])
      .find((moment) => moment.offset >= offset);
    if (found) return found;
  }
  return undefined;
}

function lastMoment(file: Deno.FsFile, size: number): Moment | undefined {
  for (let from = size - chunk; from > -chunk; from -= chunk / 2) {
    const start = Math.max(0, from);
    const all = [...moments(read(file, start, chunk), start)];
    const found = agreeing(all).at(-1);
    if (found) return found;
  }
  return undefined;
}

function changes(
  file: Deno.FsFile,
  before: Moment,
  after: Moment,
  size: number,
): ClockOffset[] {
  if (before.ahead === after.ahead) return [];
  const at = (offset: number) => momentAfter(file, offset, size);
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
  const start = Math.max(0, low.offset - 1);
  const between = read(file, start, high.offset - start);
  const last = moments(between, start)
    .filter(({ ahead }) => ahead === low.ahead).toArray().at(-1) ?? low;
  return [
    { ...changeBetween(last.unix, high.unix), offset: high.ahead },
    ...changes(file, high, after, size),
  ];
}

// Clocks change at full or half hours of UTC: where one such lies between two
// lines, the change is known to the second.
function changeBetween(before: number, after: number) {
  const last = Math.floor(after / 1800) * 1800;
  const isKnown = last > before && last - 1800 <= before;
  return isKnown
    ? { since: last, shown: last }
    : { since: before, shown: after };
}

function firstRun(file: Deno.FsFile, size: number): string | undefined {
  for (let from = 0; from < size; from += chunk / 2) {
    const [, run] = /[A-Z]: Run id is: (\S+)\s/.exec(read(file, from, chunk)) ??
      [];
    if (run) return run;
  }
  return undefined;
}
