import {
  type ClockOffset,
  offsetBetween,
  type ShownClock,
} from "../../clock/clock.ts";

/** What a parsl.log shows of its run before it is read in full. */
export interface RunOfLog {
  /** The id of the run whose directory it lies in: the first that it names. */
  run: string | undefined;
  /** The clock, if any line shows it. */
  clock: ShownClock | undefined;
  /** The number of the process that writes it, if it says so. */
  process?: string | undefined;
}

/** Looks at a log, piece by piece. */
export interface RunLooker {
  look(piece: Uint8Array): void;
  /** What was seen. */
  seen(): RunOfLog;
}

/**
 * Looks into a parsl.log for the id of its run, and for what its clock showed:
 * each line starts with a Unix time and the same moment in local time. Only
 * where the ends of a piece differ, what is between them is looked at.
 */
export function runOfLog(): RunLooker {
  let run: string | undefined;
  let first: Moment | undefined;
  let last: Moment | undefined;
  let rest = "";
  const offsets: ClockOffset[] = [];
  const see = (found: readonly Moment[]) => {
    for (const moment of found) {
      first ??= moment;
      if (last?.ahead !== moment.ahead) offsets.push(changeTo(moment, last));
      last = moment;
    }
  };
  return {
    look(piece) {
      const text = rest + decoder.decode(piece);
      run ??= /[A-Z]: Run id is: (\S+)\s/.exec(text)?.[1];
      const isLong = text.length > 2 * edge;
      const start = isLong ? agreeing(text.slice(0, edge)) : [];
      const end = isLong ? agreeing(text.slice(-edge)) : [];
      // A clock that was changed is changed back months later.
      const isSame = start.length > 0 && end.length > 0 &&
        end.at(-1)!.unix - start[0]!.unix < 86_400 &&
        [...start, ...end].every(({ ahead }) => ahead === last?.ahead);
      see(isSame ? end.slice(-1) : agreeing(text));
      // A line that two pieces share.
      rest = text.slice(text.lastIndexOf("\n") + 1).slice(-longestShared);
    },
    seen: () => ({
      run,
      clock: first && last && { first: first.unix, last: last.unix, offsets },
    }),
  };
}

interface Moment {
  unix: number;
  /** Seconds that the clock was ahead of UTC. */
  ahead: number;
}

// Some twenty lines.
const edge = 1 << 12;
const longestShared = 1 << 15;
const decoder = new TextDecoder("latin1");
const stamp =
  /(?<=^|\n)(\d{9,10}\.\d{1,9}) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) /g;

function* moments(text: string): Generator<Moment> {
  for (const [, unix, date, time] of text.matchAll(stamp)) {
    const local = Date.parse(`${date}T${time}Z`) / 1000;
    if (Number.isNaN(local)) continue;
    // The local time is cut to the second.
    const ahead = offsetBetween(Math.floor(Number(unix)), local);
    yield { unix: Number(unix), ahead };
  }
}

// A line that is alone in what it shows is damaged: where the clock changes,
// more than one line follows.
function agreeing(text: string): readonly Moment[] {
  const found = [...moments(text)];
  const agreed = found.filter(({ ahead }, i) =>
    ahead === found[i - 1]?.ahead || ahead === found[i + 1]?.ahead
  );
  return agreed.length ? agreed : found;
}

// Clocks change at full or half hours of UTC: where one such lies between two
// lines, the change is known to the second.
function changeTo({ unix, ahead }: Moment, before?: Moment): ClockOffset {
  if (!before) return { since: unix, shown: unix, offset: ahead };
  const last = Math.floor(unix / 1800) * 1800;
  const isKnown = last > before.unix && last - 1800 <= before.unix;
  return isKnown
    ? { since: last, shown: last, offset: ahead }
    : { since: before.unix, shown: unix, offset: ahead };
}
