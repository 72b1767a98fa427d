import { copyOf } from "./shared_texts.ts";

/** An exception of Python, as attributes. */
export interface Exception {
  /** The name of its class, without the module: "ValueError". */
  exception?: string;
  /** Its message; the beginning of a very long one. */
  exception_message?: string;
  /** The exceptions that led to it, the first cause first: "OSError: disk full". */
  exception_causes?: string[];
}

/**
 * The exception that a traceback ends with; its causes are the exceptions
 * before it in the chain. Empty for text without a traceback.
 */
export function exceptionIn(text: string): Exception {
  if (!text.includes("Traceback (most recent call last):")) return {};
  const found: Raised[] = [];
  let current: Raised | undefined;
  let isTraceback = false;
  // Lines of an exception group begin with a bar.
  let bar: RegExp | undefined;
  for (const written of text.split("\n")) {
    const line = bar ? written.replace(bar, "") : written;
    const begin = traceback.exec(line);
    if (current && !chained.has(line)) {
      if (bar && groupMember.test(written)) break;
      current.message += `\n${line}`;
    } else if (current) current = undefined;
    else if (begin) {
      isTraceback = true;
      bar = begin[1] ? /^ *\| / : undefined;
    } else if (isTraceback && line !== "" && !/^\s/.test(line)) {
      isTraceback = false;
      const [, type, message = ""] = raised.exec(line) ?? [];
      if (type === undefined) continue;
      current = { type: className(type), message };
      found.push(current);
    }
  }
  return asAttributes(found);
}

interface Raised {
  type: string;
  message: string;
}

const traceback =
  /^( *\+ Exception Group )?Traceback \(most recent call last\):$/;
const groupMember = /^ *\+-/;
const raised = /^([^\s:()]+)(?:: ?(.*))?$/;
const chained = new Set([
  "During handling of the above exception, another exception occurred:",
  "The above exception was the direct cause of the following exception:",
]);

/** "parsl.app.errors.BashExitFailure" as "BashExitFailure". */
export const className = (name: string): string => name.split(".").at(-1)!;

function asAttributes(found: readonly Raised[]): Exception {
  const last = found.at(-1);
  if (!last) return {};
  const message = shortened(last.message);
  const causes = causesOf(found.slice(0, -1));
  return {
    exception: copyOf(last.type),
    ...message !== "" && { exception_message: message },
    ...causes.length > 0 && { exception_causes: causes },
  };
}

const causesOf = (found: readonly Raised[]): string[] =>
  found.slice(-maxCauses).map(({ type, message }) =>
    causeText({ exception: type, exception_message: shortened(message) })
  );

/** An exception as the last line of a traceback. */
export const causeText = (
  { exception, exception_message }: Exception,
): string =>
  exception_message ? `${exception}: ${exception_message}` : `${exception}`;

/** Maximum of causes per exception; the nearest are kept. */
export const maxCauses = 16;

const maxMessage = 4096;

/** A message of bounded length, which keeps no longer text alive. */
export function shortened(message: string): string {
  const text = message.trimEnd();
  // A slice would keep the whole text alive.
  return copyOf(
    text.length > maxMessage
      ? `${text.slice(0, maxMessage).toWellFormed()}…`
      : text,
  );
}

/**
 * The exception that Python's repr() shows: ValueError('disk full'). The message
 * is the text, or the arguments if there is not exactly one text. Exceptions
 * among the arguments are its causes, as in DependencyError([(ValueError('disk
 * full'), 136)], 140). If several follow each other, the last one counts.
 */
export function exceptionOfRepr(text: string): Exception {
  const open: { name: string; start: number }[] = [];
  const found: (Raised & { depth: number })[] = [];
  for (const token of text.matchAll(reprToken)) {
    const [written] = token;
    if (written.endsWith("(")) {
      open.push({
        name: written.slice(0, -1),
        start: token.index + written.length,
      });
    } else if (written === ")") {
      const call = open.pop();
      const type = className(call?.name ?? "");
      // Sets and tuples have parentheses too.
      if (!call || !/^[A-Z]/.test(type)) continue;
      const values = text.slice(call.start, token.index);
      found.push({ type, message: valueOf(values), depth: open.length });
    }
  }
  const last = found.findLastIndex(({ depth }) => depth === 0);
  const before = found.findLastIndex(({ depth }, i) => depth === 0 && i < last);
  return asAttributes(found.slice(before + 1, last + 1));
}

// A text, the beginning of a call, or the end of one. An open text reaches to
// the end: linear for any text.
const reprToken =
  /'(?:[^'\\]|\\[^]?)*(?:'|$)|"(?:[^"\\]|\\[^]?)*(?:"|$)|(?<![\w.])[\w.]*\(|\)/g;

const onlyText = /^(?:'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"),?$/;

function valueOf(values: string): string {
  const [, single, double] = onlyText.exec(values) ?? [];
  return (single ?? double)?.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g,
    (
      escape: string,
      x: string | undefined,
      u: string | undefined,
      U: string | undefined,
      letter: string | undefined,
    ) => {
      if (letter !== undefined) return letters[letter] ?? letter;
      const code = Number.parseInt((x ?? u ?? U)!, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
    },
  ) ?? values;
}

const letters: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
};
