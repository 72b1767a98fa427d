import { strict as assert } from "node:assert";
import type { Database } from "dnpc/sql";
import { rows } from "./databases.ts";
import { tzLogs, withFiles } from "./logs.ts";

const encoder = new TextEncoder();
const parslLog = () => Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`);

/** What each line made, by its number: the time, its byte, the events. */
const byLine = (db: Database) => {
  const lines = new Map<number, string[]>();
  const found = rows(
    db,
    `SELECT line, time, event.type, span.type AS about, offset FROM event
     JOIN span ON span.id = span_id ORDER BY line, event.id`,
  );
  for (const [line, ...said] of found) {
    const known = lines.get(Number(line)) ?? [];
    lines.set(Number(line), [...known, said.slice(0, 3).join(" ")]);
  }
  return lines;
};

/** Imports a parsl.log alone. */
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

/** Reading the file at an event's offset gives the line of its number. */
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

// What is done to a line, as bytes of latin1 where they are no UTF-8.
const damages: [claim: string, damage: (line: string) => string][] = [
  ["its beginning cut off", cut],
  ["a digit of its time damaged", flip(4)],
  ["a digit of its date damaged", flip(22)],
  ["a NUL byte in its beginning", (line) => `\0${line}`],
  ["NUL bytes in its message", (line) => `${line}\0\0\0`],
  ["bytes that are no UTF-8", (line) => `${line}\xff\xfe`],
  ["another time of another year", (line) => line.replace(/^1/, "9")],
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
    // What a damaged line was the first to say, the next one says.
    const added = /^\S+ (added|Adding executor)/;
    for (const found of [before, after.lines]) {
      for (const [line, [first]] of found) {
        if (added.test(first!)) found.delete(line);
      }
    }
    assert.deepEqual(after.lines, before);
  });
}

Deno.test("importRuninfo() reads a log with CRLF as one without", async () => {
  const text = parslLog();
  const { lines } = await imported(text.replaceAll("\n", "\r\n"));
  assert.deepEqual(lines, (await imported(text)).lines);
});

Deno.test("importRuninfo() leaves a last line without its newline", async () => {
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

Deno.test("importRuninfo() reads on past lines of other programs", async () => {
  const lines = parslLog().split("\n");
  const { lines: before } = await imported(lines.join("\n"));
  const after = await imported([
    ...lines.slice(0, 100),
    ...others,
    ...lines.slice(100),
  ].join("\n"));
  assert.deepEqual(after.malformedLines, []);
  const moved = [...before].map(([line, said]): [number, string[]] => [
    line > 100 ? line + others.length : line,
    said,
  ]);
  assert.deepEqual(after.lines, new Map(moved));
});

Deno.test("importRuninfo() reads a line of 5 MB, and keeps its template short", () => {
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
