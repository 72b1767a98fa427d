import { strict as assert } from "node:assert";
import { importParslTracing } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { unpickle } from "../../importers/formats/tracing/unpickle.ts";
import { randomNumbers } from "../importers/damage.ts";
import { rows } from "../importers/databases.ts";
import { assertLinear } from "../importers/growth.ts";
import { descLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, times } from "./figures.ts";
import { assertReadable } from "./readable.ts";

const counted = figures("pickles");

const traced = () =>
  Deno.readFileSync(`${descLogs.path}/000/parsl_tracing.pickle`);

/** Encodes a string as Latin-1. */
const bytes = (letters: string) =>
  Uint8Array.from(letters, (letter) => letter.charCodeAt(0));

/** Imports one pickle; undefined if it is rejected with a readable error. */
async function imported(pickle: Uint8Array<ArrayBuffer>) {
  let found: { matched: number; malformed: number; lines: number } | undefined;
  await inFolder(async (temporary) => {
    const path = `${await Deno.realPath(temporary)}/parsl_tracing.pickle`;
    await Deno.writeFile(path, pickle);
    counted.inputs++;
    using db = await openDatabase(undefined, { engine: "native" });
    const { sources: [source] } = await importParslTracing(db, path);
    if (source!.outcome === "failed") assertReadable(source!.error!, path);
    else {
      found = source!;
      const events = "SELECT count(*) FROM event WHERE time IS NULL";
      assert.deepEqual(rows(db, events), [[0]]);
    }
    counted.survived++;
  });
  return found;
}

/** A pickled dict of one event and additional opcodes. */
const tracing = (more: string) =>
  `\x80\x04}(X\x06\0\0\0events]((G?\xf0\0\0\0\0\0\0X\x01\0\0\0aX\x04\0\0\0TASKK\x05te${more}u.`;

const system = "cos\nsystem\n";
const command = "(X\x11\0\0\0touch /tmp/faultstR";

// isRead: whether the event is imported, or the whole pickle is rejected.
const hostile: Record<string, [pickle: string, isRead: boolean]> = {
  "nothing else": [tracing(""), true],
  "a command to run": [tracing(`${system}${command}X\x01\0\0\0x`), true],
  "only a command": [`${system}${command}.`, false],
  "an instance of a class": [tracing("(ios\nsystem\nX\x01\0\0\0x"), true],
  "an object with a state": [
    tracing(`${system})\x81}(X\x09\0\0\0__proto__K\x01ubX\x01\0\0\0x`),
    true,
  ],
  "a list with a huge length": [
    `\x80\x04}(X\x06\0\0\0events](K\x01e}X\x06\0\0\0lengthJ\xff\xff\xff\x7fsbu.`,
    true,
  ],
  "a dict whose get is a number": [
    "\x80\x04(X\x03\0\0\0getK\x05d(X\x06\0\0\0events](K\x01eu.",
    true,
  ],
  "names of Object.prototype": [
    tracing("X\x09\0\0\0__proto__K\x01X\x0b\0\0\0constructorK\x02"),
    true,
  ],
  "a list that holds itself": [
    "\x80\x04}(X\x06\0\0\0events]q\0(h\0eu.",
    true,
  ],
  "an empty stack": ["\x80\x04a.", false],
  "a number in place of a dict": ["\x80\x04K\x01K\x02K\x03s.", false],
  "missing marks": ["\x80\x04teu.", false],
  "100,000 marks": [`\x80\x04${"(".repeat(100_000)}.`, false],
  "100,000 nested lists": [
    tracing(`X\x01\0\0\0x${"]".repeat(100_000)}${"a".repeat(99_999)}`),
    true,
  ],
  "a missing memo": ["\x80\x04j\xff\xff\xff\xff.", false],
  "a large memo index": [tracing("r\xff\xff\xff\xffX\x01\0\0\0x0"), true],
  "a text that is longer than the file": ["\x80\x04X\xff\xff\xff\xffa.", false],
  "a text of 2^63 bytes": [
    "\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffa.",
    false,
  ],
  "a number of 2^31 bytes": ["\x80\x04\x8b\xff\xff\xff\x7fa.", false],
  "a number of negative length": ["\x80\x04\x8b\xff\xff\xff\xffa.", false],
  "a number in a million digits": [`L${"9".repeat(1_000_000)}L\n.`, false],
  "an out-of-band buffer": [tracing("X\x01\0\0\0x\x97\x98"), true],
  "an extension code": [tracing("X\x01\0\0\0x\x82\x05"), true],
  "an unknown opcode": ["\x80\x04\xff.", false],
  "no value": ["\x80\x04.", false],
  "no end": ["\x80\x04}", false],
};

for (const [claim, [pickle, isRead]] of Object.entries(hostile)) {
  Deno.test(`importParslTracing() reads or rejects a pickle with ${claim}, and runs nothing`, async () => {
    const found = await imported(bytes(pickle));
    assert.equal(found !== undefined, isRead);
    if (pickle.includes("TASK") && isRead) {
      counted.rows++;
      assert.equal(found!.matched, 1);
    }
    await assert.rejects(Deno.stat("/tmp/faults"), Deno.errors.NotFound);
    assert.equal(({} as { length?: number }).length, undefined);
  });
}

const growing: Record<string, (size: number) => string> = {
  "marks": (size) => `\x80\x04${"(".repeat(4 * size)}.`,
  "nested lists": (size) =>
    tracing(`X\x01\0\0\0x${"]".repeat(size)}${"a".repeat(size - 1)}`),
  "a number of many digits": (size) => `L${"9".repeat(10 * size)}L\n.`,
  "events": (size) =>
    tracing("").replace(
      "te",
      `t${"(K\x01X\x01\0\0\0aK\x02K\x05t".repeat(size)}e`,
    ),
};

for (const [claim, pickle] of Object.entries(growing)) {
  Deno.test(`importParslTracing() takes linear time for a pickle with ${claim}`, () =>
    assertLinear((size) => imported(bytes(pickle(size))), 50_000));
}

// What a pickle begins with, and the byte that follows as often as one likes.
const endless: Record<string, [start: string, byte: number]> = {
  "zeros": ["", 0],
  "a version and zeros": ["\x80\x04", 0],
  "a line without an end": ["S", 0],
  "a text of 4 GB": ["X\xff\xff\xff\xff", 0],
  "empty values": ["", 0x4e],
  "lists": ["", 0x5d],
  "dicts": ["", 0x7d],
  "marks": ["", 0x28],
};

for (const [claim, [start, byte]] of Object.entries(endless)) {
  Deno.test(`unpickle() rejects ${claim} without reading on`, () => {
    let read = 0;
    function* chunks() {
      yield bytes(start);
      const chunk = new Uint8Array(1 << 17).fill(byte);
      for (; read < 2 ** 28; read += chunk.length) yield chunk;
    }
    assert.throws(() => unpickle(chunks()), SyntaxError);
    assert.ok(read <= 2 ** 26, `${read} bytes`);
  });
}

Deno.test("importParslTracing() reads or rejects a pickle with random changed bytes", async () => {
  const random = randomNumbers(23);
  const whole = traced();
  for (let i = 0; i < times(40, 1500); i++) {
    const damaged = whole.slice(
      0,
      random() < 0.2 ? Math.floor(random() * whole.length) : undefined,
    );
    const count = Math.floor(random() * 6);
    for (let j = 0; j < count; j++) {
      // Damage near the start affects everything after it.
      const end = random() < 0.5 ? 2000 : damaged.length;
      const at = Math.floor(random() * Math.min(end, damaged.length));
      damaged[at] = Math.floor(random() * 256);
    }
    await imported(damaged);
  }
});
