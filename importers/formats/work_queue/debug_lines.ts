import { type LineBeginning, localSeconds } from "../../lines/prefix.ts";
import { type Template, templateOf } from "../../lines/template.ts";
import { isUnreadable } from "../../lines/lines.ts";

// Local time, the program with its process number, and the part of cctools:
// 2026/11/22 10:44:50.15 work_queue_python[11743] wq: tx to vm (127.0.0.1:60920): task 40
const start =
  /^(\d{4}\/\d\d\/\d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)((?:\.\d{1,6})?) \S+\[(\d+)\] ([\w.-]+): /;

/** The prefix of lines in a debug log of cctools. */
export const debugBeginning: LineBeginning = {
  read(text) {
    const parts = start.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    const [whole, clock, fraction, thread, logger] = parts;
    const time = localSeconds(clock!.replaceAll("/", "-")) +
      Number(`0${fraction}`);
    const message = text.slice(whole.length);
    return Number.isNaN(time)
      ? undefined
      : { time, isLocal: true, thread: thread!, logger, message };
  },
  // The command of a task may have several lines.
  isDamaged: (text) =>
    isUnreadable(text) ||
    /^\d{4}\/\d\d|^\S*[\d/:.]+ \S+\[\d+|\[\d+\] [\w.-]+: /.test(
      text,
    ),
};

/** A message to or from a worker. */
export interface Exchange {
  direction: "tx to" | "rx from";
  /** Name and address: vm (127.0.0.1:60920). */
  peer: string;
  address: string;
  verb: string;
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

/** The address of the worker in a message. */
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

/** Exchanges have one template per verb. */
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

/** The template of any other message; names of files are values. */
export function debugTemplate(message: string): Template {
  const [peer] = /^\S+ \([^()\s]+:\d+\) /.exec(message) ?? [];
  const rest = peer === undefined ? message : message.slice(peer.length);
  const pattern = withNames.find((pattern) => pattern.test(rest));
  const { text, values } = pattern
    ? templateBy(pattern, rest)
    : templateOf(rest);
  if (peer === undefined) return { text, values };
  return { text: `%s ${text}`, values: [peer.trimEnd(), ...values] };
}

/** Replaces the groups of a pattern, and quotes around them. */
function templateBy(pattern: RegExp, message: string): Template {
  const found = pattern.exec(message)!;
  let text = "";
  let from = 0;
  for (const [start, end] of found.indices!.slice(1) as [number, number][]) {
    const isQuoted = message[start - 1] === "'";
    text += `${message.slice(from, isQuoted ? start - 1 : start)}%s`;
    from = isQuoted ? end + 1 : end;
  }
  return { text: text + message.slice(from), values: found.slice(1) };
}

// Their names of files may contain anything.
const withNames = [
  /^needs file (.+) \(offset (\d+) length (\d+)\) as '(.*)'$/d,
  /^needs file (.+) as '(.*)'$/d,
  /^sending back (.+) to (.+)$/d,
  /^failed to return output (.+) to (.+)$/d,
  /^Receiving file (.+) \(size: (\d+) bytes\) from (.+) \.\.\.$/d,
  /^busy on '(.*)'$/d,
  /^Reading result\(s\) from (.+)$/d,
  /^worker (.+) connected$/d,
  /^worker (.+) removed$/d,
];
