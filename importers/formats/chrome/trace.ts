import { basename } from "node:path";
import { peek, startText } from "../../container/chunks.ts";
import { sha256 } from "../../container/sha256.ts";
import { spanKey } from "../../../sql/mod.ts";
import type { BinaryContext, BinaryFormat } from "../format.ts";
import { elementsIn } from "../json/elements.ts";
import { type Members, parseRecord, textOf } from "../json/records.ts";
import { nestSlices, type ThreadSlices } from "./nesting.ts";

/**
 * A trace in Chrome's JSON format: an array of events, or an object with the
 * member `traceEvents`. An event's line is its number, from 1.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export const chromeTrace: BinaryFormat = {
  importer: "chrome",
  signature: isTrace,
  sniff: (start) => isTrace(startText(start)),
  read(chunks, context) {
    const { start, all } = peek(chunks, maxHead);
    const head = start.subarray(0, maxHead);
    const isArray = /^\W*?\[/.test(startText(head));
    const trace = sha256().update(head).digest("hex").slice(0, 16);
    const { readEvent, finish } = eventReader(context, trace);
    let base = 0;
    const elements = elementsIn(all, {
      member: "traceEvents",
      onMember: (text) => base = baseTime(text) ?? base,
    });
    const malformed: number[] = [];
    let line = 0;
    for (;;) {
      const { value: json, done } = elements.next();
      if (done) {
        finish();
        if (base !== 0) context.writer.shift(base);
        // The end of an array may be missing, so that a crash loses nothing.
        const isOpen = isArray && json?.startsWith("cut") &&
          malformed.at(-1) !== line;
        return { records: line, malformed, damage: isOpen ? undefined : json };
      }
      const event = json === undefined ? undefined : parseRecord(json);
      line++;
      const isRead = event && !Array.isArray(event) && readEvent(event, line);
      if (!isRead) malformed.push(line);
    }
  },
};

/** Identifies a trace: traces of one machine begin alike, until the first times. */
const maxHead = 1 << 20;

/**
 * Whether text begins a trace. PyTorch and Chrome's DevTools write long members
 * before the events.
 */
function isTrace(start: string): boolean {
  return /^(?:ï»¿)?\s*\{\s*"(?:traceEvents"\s*:\s*\[|schemaVersion"\s*:\s*\d+\s*,\s*"(?:deviceProperties|distributedInfo)"|metadata"\s*:\s*\{\s*"source"\s*:\s*"DevTools")/
    .test(start) ||
    /^(?:ï»¿)?\s*\{/.test(start) &&
      /"traceEvents"\s*:\s*\[/.test(start) ||
    /^(?:ï»¿)?\s*\[\s*\{/.test(start) && /"ph"\s*:\s*"\w"/.test(start) &&
      /"pid"\s*:/.test(start);
}

/**
 * The Unix time, in seconds, that the times of a trace count from: PyTorch writes
 * it as a member, VizTracer inside of one.
 */
function baseTime(member: string): number | undefined {
  if (!member.includes('"baseTimeNanoseconds"')) return undefined;
  const all = parseRecord(`{${member}}`) as Members | undefined;
  const { baseTimeNanoseconds, viztracer_metadata } = all ?? {};
  const base = baseTimeNanoseconds ??
    (viztracer_metadata as Members | null)?.baseTimeNanoseconds;
  return Number.isFinite(base) ? base as number / 1e9 : undefined;
}

/** Phases with the same meaning; the latter are deprecated. */
const phases: Readonly<Record<string, string>> = {
  I: "i",
  S: "b",
  T: "n",
  p: "n",
  F: "e",
};

function eventReader(
  { writer, unmatched, place }: BinaryContext,
  trace: string,
) {
  const shared = { trace };
  const file = basename(place.path);
  const processes = writer.kind("chrome.process", shared, ["process"]);
  const threads = writer.kind("chrome.thread", shared, ["process", "thread"]);
  const byThread = new Map<number, ThreadSlices>();
  const async = new Map<string, number[]>();
  let count = 0;

  const processOf = ({ pid }: Members) => processes.id(textOf(pid) ?? "0");
  const threadOf = (event: Members) => {
    processOf(event);
    return threads.id(textOf(event.pid) ?? "0", textOf(event.tid) ?? "0");
  };
  const slicesOf = (event: Members): ThreadSlices =>
    byThread.getOrInsertComputed(
      threadOf(event),
      () => ({ begins: [], ends: [], ids: [], open: [] }),
    );
  const begin = (event: Members, line: number, thread?: string) => {
    const { name, cat, pid, ts } = event;
    const slice = String(++count);
    // A map of all their keys would take more memory than the rest.
    const id = writer.span("chrome.slice", spanKey([trace, slice]), {
      trace,
      slice,
      ...givenAttributes(event),
      name: textOf(name),
      category: textOf(cat) || undefined,
      file,
      process: textOf(pid) ?? "0",
      thread,
    });
    writer.event(id, "begin", at(ts, line));
    return id;
  };
  const end = (id: number, event: Members, line: number, time = event.ts) => {
    writer.event(id, "end", at(time, line));
    if (event.ph !== "X") writer.add(id, givenAttributes(event));
  };
  const onThread = (event: Members, line: number) => {
    const own = slicesOf(event);
    own.ids.push(begin(event, line, textOf(event.tid) ?? "0"));
    own.begins.push(numberOrNaN(event.ts));
    return own;
  };
  const asyncKey = ({ cat, id, id2, scope, pid }: Members): string => {
    const { local, global } = Object(id2);
    const own = local === undefined ? null : pid;
    return JSON.stringify([cat, scope, local ?? global ?? id, own]);
  };

  const read: Record<string, (event: Members, line: number) => boolean> = {
    X(event, line) {
      const dur = numberOrNaN(event.dur ?? 0);
      if (!Number.isFinite(dur)) return false;
      const { ids, ends } = onThread(event, line);
      const until = numberOrNaN(event.ts) + dur;
      ends.push(until);
      end(ids.at(-1)!, event, line, until);
      return true;
    },
    B(event, line) {
      const { ends, open } = onThread(event, line);
      open.push(ends.push(Infinity) - 1);
      return true;
    },
    E(event, line) {
      const { ids, ends, open } = slicesOf(event);
      const last = open.pop();
      if (last === undefined) return false;
      ends[last] = numberOrNaN(event.ts);
      end(ids[last]!, event, line);
      return true;
    },
    b(event, line) {
      const open = async.getOrInsertComputed(asyncKey(event), () => []);
      const id = begin(event, line);
      writer.nest(open.at(-1) ?? processOf(event), id, null);
      open.push(id);
      return true;
    },
    n(event, line) {
      const id = async.get(asyncKey(event))?.at(-1) ?? processOf(event);
      return instant(id, event, line);
    },
    e(event, line) {
      const key = asyncKey(event);
      const open = async.get(key);
      const id = open?.pop();
      if (id === undefined) return false;
      if (open!.length === 0) async.delete(key);
      end(id, event, line);
      return true;
    },
    i(event, line) {
      const isWide = event.s === "p" || event.s === "g";
      return instant(isWide ? processOf(event) : threadOf(event), event, line);
    },
    C(event, line) {
      const id = processOf(event);
      for (const [name, value] of Object.entries(argsOf(event))) {
        if (typeof value !== "number") continue;
        writer.metric(
          id,
          nameOrDefault(event),
          name,
          value,
          at(event.ts, line),
        );
      }
      return true;
    },
    M(event) {
      const { name } = argsOf(event);
      const id = event.name === "thread_name"
        ? threadOf(event)
        : processOf(event);
      if (/^(?:process|thread)_name$/.test(nameOrDefault(event))) {
        writer.add(id, { name: textOf(name), file });
      }
      return true;
    },
  };
  const instant = (id: number, event: Members, line: number) => {
    writer.event(id, nameOrDefault(event), at(event.ts, line), argsOf(event));
    return true;
  };

  return {
    /** Whether the event is whole. */
    readEvent(event: Members, line: number): boolean {
      const { ph } = event;
      if (typeof ph !== "string") return false;
      const phase = phases[ph] ?? ph;
      if (!Object.hasOwn(read, phase)) {
        const message = `events of the phase ${ph}`;
        unmatched.add({ line, message });
        return true;
      }
      if (phase !== "M" && !Number.isFinite(numberOrNaN(event.ts))) {
        return false;
      }
      return read[phase]!(event, line);
    },
    finish() {
      for (const [thread, own] of byThread) nestSlices(writer, thread, own);
    },
  };
}

/** Times are microseconds, with fractions. */
const at = (ts: unknown, line: number) => (
  { time: numberOrNaN(ts) / 1e6, line, offset: null }
);

const numberOrNaN = (value: unknown): number =>
  typeof value === "number" || typeof value === "string" && value !== ""
    ? Number(value)
    : NaN;

const nameOrDefault = ({ name }: Members): string => textOf(name) || "event";

const argsOf = ({ args }: Members): Members =>
  typeof args === "object" && args !== null && !Array.isArray(args)
    ? args as Members
    : {};

/** Arguments of a slice, without names that its own attributes have. */
const givenAttributes = (event: Members): Members =>
  Object.fromEntries(
    Object.entries(argsOf(event)).filter(([name]) => !own.has(name)),
  );

const own = new Set(
  ["trace", "slice", "file", "process", "thread", "name", "category"],
);
