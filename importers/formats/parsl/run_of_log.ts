import { type ClockOffset, offsetBetween } from "../../clock/clock.ts";
import type { RunScanner } from "../format.ts";
import { jsonBeginning } from "./json_lines.ts";
import { localSeconds } from "../../lines/prefix.ts";
import { textOf } from "../json/records.ts";

/**
 * Finds the id of a parsl.log's run, and how far its clock was from UTC: each
 * line starts with a Unix time and the same moment in local time. Reads the
 * middle of a chunk only if its ends differ.
 */
export function scanLog(): RunScanner {
  let run: string | undefined;
  let first: Moment | undefined;
  let last: Moment | undefined;
  let rest = "";
  let start = "";
  const utf8 = new TextDecoder();
  const offsets: ClockOffset[] = [];
  const see = (found: readonly Moment[]) => {
    for (const moment of found) {
      first ??= moment;
      if (last?.ahead !== moment.ahead) offsets.push(changeTo(moment, last));
      last = moment;
    }
  };
  return {
    scan(chunk) {
      const text = rest + latin1.decode(chunk);
      run ??= /[A-Z]: Run id is: (\S+)\s/.exec(text)?.[1];
      if (start.length < startLength) {
        start += utf8.decode(chunk.subarray(0, startLength), { stream: true });
      }
      const isLong = text.length > 2 * edgeLength;
      const beginning = isLong ? agreeing(text.slice(0, edgeLength)) : [];
      const end = isLong ? agreeing(text.slice(-edgeLength)) : [];
      // Clocks change twice a year: equal ends mean nothing changed between.
      const isSame = beginning.length > 0 && end.length > 0 &&
        end.at(-1)!.unix - beginning[0]!.unix < 86_400 &&
        [...beginning, ...end].every(({ ahead }) => ahead === last?.ahead);
      see(isSame ? end.slice(-1) : agreeing(text));
      // A line may go on in the next chunk.
      rest = text.slice(text.lastIndexOf("\n") + 1).slice(-maxRest);
    },
    result: () => ({
      run,
      executors: Array.from(start.matchAll(addedExecutor), ([, one]) => one!),
      clock: first && last && { first: first.unix, last: last.unix, offsets },
    }),
  };
}

interface Moment {
  unix: number;
  /** Seconds by which the local clock was ahead of UTC. */
  ahead: number;
}

// About twenty lines.
const edgeLength = 1 << 12;
const maxRest = 1 << 15;
const latin1 = new TextDecoder("latin1");
const addedExecutor = /: Adding executor (.+?)(?: of type \S+)?\r?$/gm;
const stamp = /(?<=^|\n)(\d{9,10}\.\d{1,9}) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) /g;

// A single line that differs from both neighbours is damaged: after a change of
// the clock more than one line follows.
function agreeing(text: string): readonly Moment[] {
  const found = Array.from(text.matchAll(stamp), ([, unix, local]) => ({
    unix: Number(unix),
    // Local time is truncated to the second.
    ahead: offsetBetween(Math.floor(Number(unix)), localSeconds(local!)),
  })).filter(({ ahead }) => !Number.isNaN(ahead));
  const agreed = found.filter(({ ahead }, i) =>
    ahead === found[i - 1]?.ahead || ahead === found[i + 1]?.ahead
  );
  return agreed.length ? agreed : found;
}

// Clocks change at full or half hours of UTC. If exactly one lies between two
// lines, it is the time of the change.
function changeTo({ unix, ahead }: Moment, before?: Moment): ClockOffset {
  if (!before) return { since: unix, shown: unix, offset: ahead };
  const last = Math.floor(unix / 1800) * 1800;
  const isKnown = last > before.unix && last - 1800 <= before.unix;
  return isKnown
    ? { since: last, shown: last, offset: ahead }
    : { since: before.unix, shown: unix, offset: ahead };
}

/**
 * The same for a parsl.jsonlog. Its records have only Unix times, but one of
 * the first contains the local time at which the run began.
 */
export function scanJsonLog(): RunScanner {
  let start = "";
  let end = "";
  return {
    scan(chunk) {
      if (start.length < startLength) {
        start += utf8.decode(chunk.subarray(0, startLength));
      }
      end = (end + utf8.decode(chunk.subarray(-endLength))).slice(-endLength);
    },
    result() {
      const first = jsonRecords(start);
      const run = first
        .map(({ message }) => /^Run id is: (\S+)/.exec(message)?.[1])
        .find((id) => id !== undefined) ??
        first.find(({ fields }) => fields?.run !== undefined)?.fields?.run;
      const process = textOf(first[0]?.members?.process);
      const executors = first.flatMap(({ message }) =>
        Array.from(`: ${message}`.matchAll(addedExecutor), ([, one]) => one!)
      );
      const began = first.find(({ members }) => timeBegan in members!);
      const local = localSeconds(textOf(began?.members?.[timeBegan]) ?? "");
      if (!began || Number.isNaN(local)) {
        return { run, executors, process, clock: undefined };
      }
      const since = first[0]!.time;
      const clock = {
        first: since,
        last: [...first, ...jsonRecords(end)].at(-1)!.time,
        by: "parsl.jsonlog",
        offsets: [{
          since,
          shown: since,
          offset: offsetBetween(began.time, local),
        }],
      };
      return { run, executors, process, clock };
    },
  };
}

const startLength = 1 << 20;
const endLength = 1 << 16;
const utf8 = new TextDecoder();
const timeBegan = "parsl.workflow_info.time_began";

const jsonRecords = (text: string) =>
  text.split("\n").map(jsonBeginning.read)
    .filter((record) => record !== undefined);
