import { strict as assert } from "node:assert";
import type { Database } from "dnpc/sql";
import { rows } from "./databases.ts";
import { tzLogs, withFiles } from "./logs.ts";

const encoder = new TextEncoder();
const parslLog = () => Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`);

/** By line number: time, offset and events. */
const byLine = (db: Database) => {
  const lines = new Map<number, string[]>();
  const found = rows(
    db,
    `SELECT line, time, event.type, span.type AS about, offset FROM event
     JOIN span ON span.id = span_id ORDER BY line, event.id`,
  );
  for (const [line, ...event] of found) {
    const known = lines.get(Number(line)) ?? [];
    lines.set(Number(line), [...known, event.slice(0, 3).join(" ")]);
  }
  return lines;
};

/** Imports only a parsl.log. */
const imported = async (text: string | Uint8Array<ArrayBuffer>) => {
  let found: ReturnType<typeof byLine> | undefined;
  let malformedLines: number[] = [];
  await withFiles({ "000/parsl.log": text }, (db, { sources }) => {
    found = byLine(db);
    malformedLines = sources[0]!.malformedLines;
    assert.equal(sources[0]!.malformed, malformedLines.length);
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    assertOffsets(db, bytes);
  });
  return { lines: found!, malformedLines };
};

/** Asserts that each event's offset is the start of its line. */
function assertOffsets(db: Database, bytes: Uint8Array): void {
  const starts = [0];
  for (let at = 0; (at = bytes.indexOf(10, at) + 1) > 0;) starts.push(at);
  const wrong = rows(db, "SELECT DISTINCT line, offset FROM event")
    .filter(([line, offset]) => starts[Number(line) - 1] !== offset);
  assert.deepEqual(wrong, []);
}

const cut = (line: string) => line.slice(20);
const flip = (at: number) => (line: string) =>
  line.slice(0, at) + "~" + line.slice(at + 1);

// The damage to a line; strings are encoded as latin1.
const damages: [claim: string, damage: (line: string) => string][] = [
  ["a truncated prefix", cut],
  ["a damaged digit in its time", flip(4)],
  ["a damaged digit in its date", flip(22)],
  ["a NUL byte in its prefix", (line) => `\0${line}`],
  ["NUL bytes in its message", (line) => `${line}\0\0\0`],
  ["invalid UTF-8", (line) => `${line}\xff\xfe`],
  ["a time that contradicts its date", (line) => line.replace(/^1/, "9")],
];

for (const [claim, damage] of damages) {
  Deno.test(`importRuninfo() counts a line with ${claim}, and reads all others`, async () => {
    const lines = parslLog().split("\n");
    const { lines: before } = await imported(lines.join("\n"));
    const numbers = [...before.keys()].filter((line) => line % 40 === 0);
    assert.ok(numbers.length > 10);
    for (const number of numbers) {
      lines[number - 1] = damage(lines[number - 1]!);
    }
    const bytes = Uint8Array.from(lines.join("\n"), (c) => c.charCodeAt(0));
    const after = await imported(bytes);
    assert.deepEqual(after.malformedLines, numbers);
    for (const number of numbers) before.delete(number);
    // If the first line about an executor is damaged, the next one adds it.
    const added = /^\S+ (added|Adding executor)/;
    for (const found of [before, after.lines]) {
      for (const [line, [first]] of found) {
        if (added.test(first!)) found.delete(line);
      }
    }
    assert.deepEqual(after.lines, before);
  });
}

Deno.test("importRuninfo() reads a log with CRLF like one with LF", async () => {
  const text = parslLog();
  const { lines } = await imported(text.replaceAll("\n", "\r\n"));
  assert.deepEqual(lines, (await imported(text)).lines);
});

Deno.test("importRuninfo() ignores a last line without a newline", async () => {
  const text = parslLog();
  const whole = text.slice(0, text.lastIndexOf("\n", text.length / 2) + 1);
  const start = text.slice(whole.length, whole.length + 60);
  assert.deepEqual(await imported(whole + start), await imported(whole));
});

const others = [
  "",
  "a print of the workflow",
  '  File "x.py", line 5, in f',
  `srun: Task 5 ${"x".repeat(5_000_000)}`,
];

Deno.test("importRuninfo() continues after lines of other programs", async () => {
  const lines = parslLog().split("\n");
  const { lines: before } = await imported(lines.join("\n"));
  const after = await imported([
    ...lines.slice(0, 120),
    ...others,
    ...lines.slice(120),
  ].join("\n"));
  assert.deepEqual(after.malformedLines, []);
  const moved = [...before].map(([line, events]): [number, string[]] => [
    line > 120 ? line + others.length : line,
    events,
  ]);
  assert.deepEqual(after.lines, new Map(moved));
});

Deno.test("importRuninfo() reads a line of 5 MB and shortens its template", () => {
  const [first] = parslLog().split("\n")
    .filter((line) => line.includes("will not be memoized"));
  const long = `${first} ${"0 x".repeat(1_700_000)}\n`;
  return withFiles({ "000/parsl.log": long + first + "\n" }, (db) => {
    const [[line, length], [next]] = rows(
      db,
      "SELECT line, length(type) FROM event ORDER BY line",
    ) as [[number, number], [number]];
    assert.deepEqual([line, next], [1, 2]);
    assert.ok(length < 10_000);
  });
});
