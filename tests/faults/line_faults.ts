import { times } from "./figures.ts";

/**
 * A part of a damaged log. An undamaged line has its original byte offset in
 * `was`; other content has none.
 */
export interface Part {
  bytes: Uint8Array;
  was?: number;
}

/** A kind of damage to a log, as a function of its lines. */
export type LineFault = (
  lines: readonly Part[],
  random: () => number,
) => Part[];

const encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");
const latin1Bytes = (text: string) =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Splits a log into lines, each with its newline. */
export function linesOf(bytes: Uint8Array): Part[] {
  const lines: Part[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start) + 1 || bytes.length;
    lines.push({ bytes: bytes.subarray(start, end), was: start });
    start = end;
  }
  return lines;
}

/** Joins parts into one file; `moved` maps old to new offsets of intact lines. */
export function assembled(
  parts: readonly Part[],
): { bytes: Uint8Array<ArrayBuffer>; moved: Map<number, number> } {
  const length = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = new Uint8Array(length);
  const moved = new Map<number, number>();
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    // A line that follows a part without a newline continues that part.
    const isLine = at === 0 || bytes[at - 1] === 10;
    const isWhole = part.bytes.at(-1) === 10;
    if (part.was !== undefined && isLine && isWhole) moved.set(part.was, at);
    at += part.bytes.length;
  }
  return { bytes, moved };
}

const anyOf = (count: number, random: () => number) =>
  Math.floor(random() * count);

/** Inserts something before some of the lines. */
function inserting(
  what: (line: Part, random: () => number) => Part[],
  count = 5,
) {
  return (lines: readonly Part[], random: () => number): Part[] => {
    const places = new Set(
      Array.from({ length: count }, () => anyOf(lines.length, random)),
    );
    return lines.flatMap((line, i) =>
      places.has(i) ? [...what(line, random), line] : [line]
    );
  };
}

/** Changes the text of some lines, but not their line ends. */
function changing(
  change: (text: string, random: () => number) => string,
  count = 20,
) {
  return (lines: readonly Part[], random: () => number): Part[] => {
    const places = new Set(
      Array.from({ length: count }, () => anyOf(lines.length, random)),
    );
    return lines.map((line, i) =>
      places.has(i)
        ? { bytes: latin1Bytes(change(latin1.decode(line.bytes), random)) }
        : line
    );
  };
}

const replacingNumbers = (by: string) =>
  changing((text) => text.replace(/(?<![\d.:-])\d{1,6}(?![\d.:-])/g, by));

const long = times(1_000_000, 10_000_000);

/** A line of 10 MB (1 MB in the fast part) that starts like one of the log's. */
const longLine = (fill: string) =>
  inserting(({ bytes }) => {
    const text = latin1.decode(bytes).trimEnd();
    const rest = fill.repeat(Math.ceil(long / fill.length));
    return [{ bytes: latin1Bytes(`${text} ${rest}\n`) }];
  }, 1);

/** Kinds of damage to a log, by name. */
export const lineFaults: Readonly<Record<string, LineFault>> = {
  "bits flipped": (lines, random) => {
    const { bytes } = assembled(lines);
    const flipped = new Set<number>();
    for (let i = 0; i < 20; i++) {
      const at = anyOf(bytes.length, random);
      bytes[at]! ^= 1 << anyOf(8, random);
      flipped.add(at);
    }
    const isTouched = (from: number, to: number) =>
      flipped.values().some((at) => at >= from && at < to);
    return lines.map(({ bytes: { length }, was }) => {
      const now = bytes.subarray(was!, was! + length);
      // A lost newline also damages the next line.
      return isTouched(Math.max(0, was! - 1), was! + length)
        ? { bytes: now }
        : { bytes: now, was: was! };
    });
  },
  "blocks of zeros": (lines, random) => {
    const { bytes } = assembled(lines);
    const from = anyOf(bytes.length, random);
    const to = Math.min(bytes.length, from + 4096);
    bytes.fill(0, from, to);
    return lines.map(({ bytes: { length }, was }) => {
      const now = bytes.subarray(was!, was! + length);
      return was! - 1 < to && was! + length > from
        ? { bytes: now }
        : { bytes: now, was: was! };
    });
  },
  "bytes that are not UTF-8": changing((text, random) => {
    const at = anyOf(text.length, random);
    return `${text.slice(0, at)}\xff\xc0\xed\xa0\x80${text.slice(at)}`;
  }),
  "Windows line ends": (lines) =>
    lines.map(({ bytes, was }) => ({
      bytes: latin1Bytes(latin1.decode(bytes).replace("\n", "\r\n")),
      was: was!,
    })),
  "a byte order mark": (lines) => {
    const [{ bytes, was } = { bytes: new Uint8Array(), was: 0 }, ...more] =
      lines;
    const first = {
      bytes: Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes),
      was: was!,
    };
    return [first, ...more];
  },
  "a line of 10 MB of letters": longLine("x"),
  "a line of 10 MB of words": longLine("METRIC a b "),
  "a line of 10 MB of brackets": longLine("[{'<\"("),
  "a line of 10 MB of spaces": longLine(" "),
  "a line of 10 MB of numbers": longLine("1, "),
  "interleaved lines of two writers": inserting((line, random) => {
    const other = line.bytes.subarray(0, anyOf(line.bytes.length, random));
    const half = line.bytes.length >> 1;
    return [
      { bytes: Uint8Array.of(...line.bytes.subarray(0, half), ...other, 10) },
      { bytes: line.bytes.slice(half) },
    ];
  }),
  "a clock that goes back": changing((text) =>
    text.replace(
      /\b1([67]\d{8})(?=\d*\.|\d{6} )/,
      (_, rest) => `1${String(Number(rest) - 7200).padStart(9, "0")}`,
    )
      .replace(
        / (\d\d):(\d\d:\d\d)/,
        (_, hour, rest) =>
          ` ${String((Number(hour) + 22) % 24).padStart(2, "0")}:${rest}`,
      )
  ),
  "numbers of 10^18 and beyond": replacingNumbers("1000000000000000001"),
  "numbers of 400 digits": replacingNumbers("9".repeat(400)),
  "negative numbers": replacingNumbers("-7"),
  "words in place of numbers": replacingNumbers("NaN"),
  "numbers like 1e999": replacingNumbers("1e999"),
  "two lines in one": inserting(({ bytes }) => [{
    bytes: Uint8Array.of(...bytes.subarray(0, -1), ...bytes),
  }], 20),
  "carriage returns within lines": changing((text) => text.replace(/ /g, "\r")),
  "other Unicode line ends": changing((text) =>
    text.replace(/ /g, "\x0b\x0c\x1c\x85")
  ),
  "empty lines": inserting(() => [{ bytes: latin1Bytes("\n".repeat(5000)) }]),
  "invalid times": changing((text) =>
    text.replace(/ \d\d:\d\d:\d\d/, " 25:61:99")
      .replace(/\d{4}-\d\d-\d\d/, "2026-13-32")
  ),
  "times far away": changing((text) =>
    text.replace(/\b1[67]\d{8}(?=\d*\.|\d{6} )/, "99999999999999999")
      .replace(/\d{4}-(?=\d\d-\d\d)/, "9999-")
  ),
  "levels and threads of any length": changing((text) =>
    text.replace(/MainThread[-\d]*|\bINFO\b|\bDEBUG\b/g, "T".repeat(5000))
  ),
  "duplicated lines": inserting(({ bytes }) => [{ bytes }], 40),
  "lines that contradict others": inserting(({ bytes }) => [{
    bytes: latin1Bytes(
      latin1.decode(bytes).replace(/(\d+)(?=\D*\n$)/, (n) => String(+n + 1)),
    ),
  }], 40),
  "names of Object.prototype": changing((text) =>
    text.replace(/[A-Za-z_]{4,}(?=[^A-Za-z]*\n$)/, "__proto__")
      .replace(/\b(?:top|htex_\w+|WorkQueueExecutor)\b/g, "constructor")
  ),
  "SQL as names": changing((text) =>
    text.replace(
      /[A-Za-z_]{4,}(?=[^A-Za-z]*\n$)/,
      "Robert'); DROP TABLE span;--",
    )
  ),
  "text in other scripts": inserting(() => [{
    bytes: encoder.encode("\u202eעברית \u{1f980} ﷽ \ufeff\u2028 Task 5 \n"),
  }]),
};
