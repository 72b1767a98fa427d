import { type LineBeginning, localSeconds } from "../../lines/prefix.ts";
import { type Template, templateOf } from "../../lines/template.ts";
import { isUnreadable } from "../../lines/lines.ts";

// Local time, the program with its process number, and the part of cctools:
// 2026/11/22 10:44:50.15 work_queue_python[11743] wq: tx to vm (127.0.0.1:60920): task 40
// TaskVine 8 writes no space after the number.
const start =
  /^(\d{4}\/\d\d\/\d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)((?:\.\d{1,6})?) \S+\[(\d+)\] ?([\w.-]+): /;

const strangePeer = /^((?:[tr]x (?:to|from) )?).{1,64}? (\([\d.]+:\d+\))/s;

/** The prefix of lines in a debug log of cctools. */
export const debugBeginning: LineBeginning = {
  read(text) {
    const parts = start.exec(text);
    if (!parts) return undefined;
    const [whole, clock, fraction, process, logger] = parts;
    const written = text.slice(whole.length);
    // Work Queue 7.9 prints memory as the names of hosts that it does not know.
    const message = isUnreadable(written)
      ? written.replace(strangePeer, "$1? $2")
      : written;
    if (isUnreadable(message)) return undefined;
    const time = localSeconds(clock!.replaceAll("/", "-")) +
      Number(`0${fraction}`);
    return Number.isNaN(time) ? undefined : {
      time,
      isLocal: true,
      thread: process!,
      origin: { process, logger },
      message,
    };
  },
  // The command of a task may have several lines.
  isDamaged: (text) =>
    isUnreadable(text) ||
    /^\d{4}\/\d\d|^\S*[\d/:.] \S+\[\d+|\[\d+\] [\w.-]+: /.test(
      text,
    ),
};

/**
 * A message to or from a worker, "tx to vm (127.0.0.1:60920): put file-1-map 5
 * 0644": its peer is the name and address of the worker.
 */
const exchange =
  /^(?<direction>tx to|rx from) (?<peer>\S+ \((?<address>[^()\s]+)\)): (?<verb>[\w-]*)(?: (?<rest>.*))?$/;

export type Exchange = Record<
  "direction" | "peer" | "address" | "verb" | "rest",
  string
>;

export function exchangeOf(message: string): Exchange | undefined {
  const groups = exchange.exec(message)?.groups;
  return groups && { ...groups as Exchange, rest: groups.rest ?? "" };
}

/** The capture of the first pattern that matches. */
export const firstCapture = (
  patterns: readonly RegExp[],
  message: string,
): string | undefined =>
  patterns.map((pattern) => pattern.exec(message)?.[1])
    .find((capture) => capture !== undefined);

/** Match the address of the worker in a message. */
export const addresses = [
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

/**
 * The template of any other message; names of files are values, and so are
 * quotes around them.
 */
export function debugTemplate(message: string): Template {
  const [peer = ""] = /^\S+ \([^()\s]+:\d+\) /.exec(message) ?? [];
  const rest = message.slice(peer.length);
  const found = withNames.values().map((pattern) => pattern.exec(rest))
    .find((found) => found !== null);
  const template = found
    ? { text: "", values: found.slice(1) }
    : templateOf(rest);
  let from = 0;
  const places = found?.indices?.slice(1).filter((place) =>
    place !== undefined
  );
  for (const [start, end] of places ?? []) {
    const isQuoted = rest[start - 1] === "'";
    template.text += `${rest.slice(from, isQuoted ? start - 1 : start)}%s`;
    from = isQuoted ? end + 1 : end;
  }
  if (found) template.text += rest.slice(from);
  return peer === "" ? template : {
    text: `%s ${template.text}`,
    values: [peer.trimEnd(), ...template.values],
  };
}

// Their names of files may contain anything. Looking ahead to the end first
// keeps the time linear.
const withNames = [
  /^needs file (?=.*'$)(.+) \(offset (\d+) length (\d+)\) as '(.*)'$/d,
  /^needs file (?=.*'$)(.+) as '(.*)'$/d,
  /^sending back (.+) to (.+)/ds,
  /^failed to return output (.+) to (.+)/ds,
  /^Receiving file (?=.* \.\.\.$)(.+) \(size: (\d+) bytes\) from (.+) \.\.\.$/d,
  /^busy on '(.*)'$/d,
  /^Reading result\(s\) from (.+)$/d,
  /^worker (.+) connected$/d,
  /^worker (.+) removed$/d,
];
