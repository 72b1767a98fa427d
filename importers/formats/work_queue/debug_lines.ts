import {
  type LineBeginning,
  localSeconds,
  type LogRecord,
} from "../../lines/prefix.ts";
import { type Template, templateOf } from "../../lines/template.ts";
import { isUnreadable } from "../../lines/lines.ts";

// Local time, the program and its process, and the part of cctools that tells:
// 2026/11/22 10:44:50.15 work_queue_python[11743] wq: tx to vm (127.0.0.1:60920): task 40
const start =
  /^(\d{4})\/(\d\d)\/(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)((?:\.\d{1,6})?) \S+\[(\d+)\] ([\w.-]+): /;

/** How the lines of a debug log of cctools begin. */
export const debugBeginning: LineBeginning = {
  read(text, line, offset): LogRecord | undefined {
    const parts = start.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    const [whole, year, month, day, hour, minute, second, fraction] = parts;
    const seconds = Number(second) + Number(`0${fraction}`);
    const date = `${year}-${month}-${day}`;
    const time = localSeconds(date, hour!, minute!, seconds);
    if (Number.isNaN(time)) return undefined;
    return {
      time,
      isLocal: true,
      thread: parts[8]!,
      logger: parts[9]!,
      level: "DEBUG",
      message: text.slice(whole.length),
      line,
      offset,
    };
  },
  // A command of several lines goes on in the next.
  isDamaged: (text) =>
    isUnreadable(text) ||
    /^\d{4}\/\d\d|^\S*[\d/:.]+ \S+\[\d+|\[\d+\] [\w.-]+: /.test(
      text,
    ),
};

/** What was sent to a worker, or came from it. */
export interface Exchange {
  direction: "tx to" | "rx from";
  /** As it is written: vm (127.0.0.1:60920). */
  peer: string;
  address: string;
  /** The first word. */
  verb: string;
  /** What follows it. */
  rest: string;
}

/** Reads "tx to vm (127.0.0.1:60920): put file-1-map 5 0644". */
export function exchangeOf(message: string): Exchange | undefined {
  const parts = /^(tx to|rx from) (\S+ \(([^()\s]+)\)): ([\w-]*)(?: (.*))?$/
    .exec(message);
  if (!parts) return undefined;
  const [, direction, peer, address, verb, rest = ""] = parts;
  return {
    direction: direction as Exchange["direction"],
    peer: peer!,
    address: address!,
    verb: verb!,
    rest,
  };
}

/** The address of the worker that a message names, if it names one. */
export function addressIn(message: string): string | undefined {
  for (const pattern of addresses) {
    const [, address] = pattern.exec(message) ?? [];
    if (address !== undefined) return address;
  }
  return undefined;
}

const addresses = [
  /\(([^()\s]+:\d+)\)/,
  /^worker (\S+:\d+) /,
  / from (\S+:\d+) \(/,
];

/** What is exchanged has so few templates as there are verbs. */
export function exchangeTemplate(
  { direction, peer, verb, rest }: Exchange,
): Template {
  const known = /^[a-z][a-z_-]{0,31}$/.test(verb);
  const words = known ? rest : `${verb} ${rest}`.trim();
  return {
    text: `${direction} %s:${known ? ` ${verb}` : ""}${words ? " %s" : ""}`,
    values: words ? [peer, words] : [peer],
  };
}

/** The template of any other message: the names of files are no part of it. */
export function debugTemplate(message: string): Template {
  const [peer] = /^\S+ \([^()\s]+:\d+\) /.exec(message) ?? [];
  const rest = peer === undefined ? message : message.slice(peer.length);
  const { text, values } = formOf(rest) ?? templateOf(rest);
  if (peer === undefined) return { text, values };
  return { text: `%s ${text}`, values: [peer.trimEnd(), ...values] };
}

function formOf(message: string): Template | undefined {
  for (const { pattern, text } of forms) {
    const parts = pattern.exec(message);
    if (parts) return { text, values: parts.slice(1) };
  }
  return undefined;
}

const forms: readonly { pattern: RegExp; text: string }[] = [
  {
    pattern: /^needs file (.+) \(offset (\d+) length (\d+)\) as '(.*)'$/,
    text: "needs file %s (offset %s length %s) as %s",
  },
  { pattern: /^needs file (.+) as '(.*)'$/, text: "needs file %s as %s" },
  {
    pattern: /^sending back (.+) to (.+)$/,
    text: "sending back %s to %s",
  },
  {
    pattern: /^failed to return output (.+) to (.+)$/,
    text: "failed to return output %s to %s",
  },
  {
    pattern: /^Receiving file (.+) \(size: (\d+) bytes\) from (.+) \.\.\.$/,
    text: "Receiving file %s (size: %s bytes) from %s ...",
  },
  { pattern: /^busy on '(.*)'$/, text: "busy on %s" },
  {
    pattern: /^Reading result\(s\) from (.+)$/,
    text: "Reading result(s) from %s",
  },
  { pattern: /^worker (.+) (?=connected$)/, text: "worker %s connected" },
  { pattern: /^worker (.+) (?=removed$)/, text: "worker %s removed" },
];
