// Over 300 lines: a table of hostile archives, with the code that builds them.

import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { createGzip, gzipSync } from "node:zlib";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { assertLinear } from "../importers/growth.ts";
import { tzLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { importAlone } from "./alone.ts";
import type { DoorName } from "./doors.ts";
import { figures, isWhole, times } from "./figures.ts";
import { assertReadableReason } from "./readable.ts";

const counted = figures("tarballs and gzip files");

const log = () => {
  const lines = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`)
    .split("\n").slice(0, 200);
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
};

/** Writes a small gzip file that unpacks to `bytes` times `fill`. */
async function writeBomb(
  path: string,
  { start, fill, end, bytes }: {
    start: Uint8Array;
    fill: string;
    end: Uint8Array;
    bytes: number;
  },
): Promise<void> {
  const gzip = createGzip();
  const done = finished(gzip.pipe(createWriteStream(path)));
  const block = Buffer.alloc(1 << 20, fill);
  gzip.write(start);
  for (let written = 0; written < bytes; written += block.length) {
    if (!gzip.write(block)) {
      await new Promise<void>((resolve) => gzip.once("drain", () => resolve()));
    }
  }
  gzip.end(end);
  await done;
}

const text = (letters: string) => new TextEncoder().encode(letters);
const nextLog = Uint8Array.of(10, ...log());

/** Files that unpack to 1 GB, each with its number of valid lines. */
const bombs: Record<string, {
  door?: DoorName;
  name: string;
  fill: string;
  start: Uint8Array;
  end?: Uint8Array;
  good: number;
  /** Pattern of the reason, if the file is rejected. */
  says?: RegExp;
}> = {
  "zeros after a log": {
    name: "parsl.log.gz",
    fill: "\0",
    start: log(),
    good: 73,
  },
  "zeros in a log": {
    name: "parsl.log.gz",
    fill: "\0",
    start: log(),
    end: nextLog,
    good: 146,
  },
  "newlines in a log": {
    name: "parsl.log.gz",
    fill: "\n",
    start: log(),
    end: nextLog,
    good: 146,
  },
  "zeros as a log": {
    name: "parsl.log.gz",
    fill: "\0",
    start: text(""),
    good: 0,
  },
  "spaces in a record": {
    name: "a.jsonl.gz",
    fill: " ",
    start: text('{"a":1}\n{"a":'),
    end: text('2}\n{"a":3}\n'),
    good: 2,
  },
  "spaces after a record": {
    name: "a.jsonl.gz",
    fill: " ",
    start: text('{"a":1}\n{"a":2}'),
    good: 1,
  },
  "spaces in an array": {
    name: "a.jsonl.gz",
    fill: " ",
    start: text('[{"a":1},{"a":"'),
    end: text('"},{"a":3}]'),
    good: 2,
  },
  "spaces in an export": {
    door: "importCloudWatch",
    name: "export.json.gz",
    fill: " ",
    start: text(
      '{"results":[[{"field":"@message","value":"a"}],[{"field":"@message","value":"',
    ),
    end: text('"}],[{"field":"@message","value":"b"}]]}'),
    good: 2,
  },
  "zeros as a pickle": {
    name: "parsl_tracing.pickle.gz",
    fill: "\0",
    start: text("\x80\x04"),
    good: 0,
    says: /more than 512 MiB|not a pickle/,
  },
  "zeros as a database": {
    name: "monitoring.db.gz",
    fill: "\0",
    start: text("SQLite format 3\0"),
    good: 0,
    says: /cannot open/,
  },
};

const bytes = times(1 << 27, 1 << 30);

for (const claim of ["zeros in a log", "newlines in a log"]) {
  Deno.test(`importRuninfo() of a gzip file with ${claim} takes linear time`, () =>
    inFolder((folder) =>
      assertLinear(async (bytes) => {
        const { name, start, fill, end } = bombs[claim]!;
        const path = `${folder}/${name}`;
        await writeBomb(path, { start, fill, end: end!, bytes });
        return (await importAlone("importRuninfo", path)).cost;
      }, 1 << 23)
    ));
}

Deno.test("importRuninfo() takes linear time for a tarball of many files", () =>
  inFolder((folder) =>
    assertLinear(async (count) => {
      const path = `${folder}/a.tar`;
      const members = Array.from(
        { length: count },
        (_, i) => member(`${i}.txt`, other),
      );
      await Deno.writeFile(path, Buffer.concat([...members.flat(), end]));
      using db = await openDatabase(undefined, { engine: "native" });
      await importRuninfo(db, path);
    }, 2000)
  ));

for (const [claim, bomb] of Object.entries(bombs)) {
  const { door = "importRuninfo", name, good, says, start, fill } = bomb;
  Deno.test({
    name: `${door}() of a gzip file with ${claim} takes little memory`,
    // The fast part runs only one of them.
    ignore: !isWhole && claim !== "zeros in a log",
    fn: () =>
      inFolder(async (temporary) => {
        const path = `${await Deno.realPath(temporary)}/${name}`;
        const end = bomb.end ?? text("");
        await writeBomb(path, { start, fill, end, bytes });
        assert.ok(Deno.statSync(path).size < 5_000_000);
        counted.inputs++;
        const result = await importAlone(door, path, {
          // Pickles are read whole, up to a limit.
          megabytes: claim.includes("pickle") ? 1300 : 600,
        });
        const [source] = result.sources;
        if (good > 0) assert.equal(source?.matched, good);
        counted.rows += good;
        if (says) {
          const reason = source?.error ?? result.notRead[0]?.reason;
          assert.match(reason ?? "", says);
        }
        counted.survived++;
      }),
  });
}

Deno.test({
  name:
    "importRuninfo() of databases with zeros as write-ahead logs takes little memory",
  ignore: !isWhole,
  fn: () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      for (const name of ["a", "b", "c"]) {
        await Deno.mkdir(`${folder}/in/${name}`, { recursive: true });
        const path = `${folder}/in/${name}/monitoring.db`;
        await Deno.copyFile("tests/fixtures/tz/runinfo/monitoring.db", path);
        await Deno.writeFile(`${path}-wal`, new Uint8Array());
        await Deno.truncate(`${path}-wal`, 300e6);
      }
      const path = `${folder}/a.tgz`;
      await new Deno.Command("tar", {
        args: ["czf", path, "-C", folder, "in"],
      }).output();
      counted.inputs++;
      const { sources } = await importAlone("importRuninfo", path, {
        megabytes: 400,
      });
      assert.deepEqual(sources.map(({ outcome }) => outcome), [
        "imported",
        "unchanged",
        "unchanged",
      ]);
      counted.survived++;
    }),
});

Deno.test("importRuninfo() rejects a file that is gzipped 2,000 times over", () =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    let packed: Uint8Array<ArrayBuffer> = log();
    for (let i = 0; i < 2000; i++) {
      packed = Uint8Array.from(gzipSync(packed, { level: 0 }));
    }
    await Deno.writeFile(`${folder}/parsl.log.gz`, packed);
    counted.inputs++;
    const { notRead } = await importAlone("importRuninfo", folder);
    assert.equal(
      notRead[0]?.reason,
      "packed more than 16 times over: unpack it first",
    );
    counted.survived++;
  }));

/** A tar header with arbitrary fields and a valid checksum. */
function header(
  { name, type = "0", size = "00000000000", link = "", mode = "0000644" }: {
    name: string;
    type?: string;
    size?: string | Uint8Array;
    link?: string;
    mode?: string;
  },
): Uint8Array {
  const block = new Uint8Array(512);
  const put = (at: number, value: string | Uint8Array) =>
    block.set(typeof value === "string" ? text(value) : value, at);
  put(0, name);
  put(100, mode);
  put(124, size);
  put(136, "00000000000");
  block.fill(32, 148, 156);
  put(156, type);
  put(157, link);
  put(257, "ustar\x0000");
  const sum = block.reduce((sum, byte) => sum + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

const octal = (size: number) => size.toString(8).padStart(11, "0");

function member(name: string, content: Uint8Array): Uint8Array[] {
  const rest = new Uint8Array((512 - content.length % 512) % 512);
  return [header({ name, size: octal(content.length) }), content, rest];
}

const end = new Uint8Array(1024);

const other = text("no log of Parsl's\n");

/** Hostile members, to be followed by a valid log. */
const hostileMembers: Record<string, Uint8Array[]> = {
  "a path with ..": member("../../../tmp/faults/parsl.log", other),
  "an absolute path": member("/tmp/faults/parsl.log", other),
  "a Windows path": member("..\\..\\c:\\faults\\parsl.log", other),
  "a link to /etc/passwd": [
    header({ name: "001/parsl.log", type: "2", link: "/etc/passwd" }),
  ],
  "a hard link to /etc/passwd": [
    header({ name: "001/parsl.log", type: "1", link: "/etc/passwd" }),
  ],
  "a link to the folder above": [
    header({ name: "001", type: "2", link: "../../.." }),
    ...member("001/parsl.log", other),
  ],
  "a character device": [header({ name: "001/parsl.log", type: "3" })],
  "a block device": [header({ name: "001/parsl.log", type: "4" })],
  "a pipe": [header({ name: "001/parsl.log", type: "6" })],
  "an unknown type": [header({ name: "001/parsl.log", type: "?" })],
  "an empty name": [header({ name: "" }), ...member("x", other)],
  "a name of 1 MB": [
    header({ name: "x", type: "L", size: octal(1_000_000) }),
    new Uint8Array(Math.ceil(1_000_000 / 512) * 512).fill(97),
    ...member("y", other),
  ],
  "a name of Object.prototype": member("__proto__/constructor", other),
  "control characters in its name": member("\x01\x1b[31m/parsl.log", other),
  "invalid pax headers": [
    header({ name: "x", type: "x", size: octal(512) }),
    text("999999999999 path=../../x\n5 a\n-1 size=9\nabc".padEnd(512, "\0")),
    ...member("y", other),
  ],
};

/** Members that make the rest of the archive unreadable. */
const endingMembers: Record<string, Uint8Array[]> = {
  "a size of 8 GB": [header({ name: "x", size: "77777777777" })],
  "a size of 2^63": [
    header({
      name: "x",
      size: Uint8Array.of(
        0x80,
        0,
        0,
        0,
        0x7f,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
      ),
    }),
  ],
  "a negative size": [
    header({ name: "x", size: new Uint8Array(12).fill(255) }),
  ],
  "a size that is not a number": [header({ name: "x", size: "zzzzzzzzzzz" })],
};

for (
  const [claim, members, isEnd] of [
    ...Object.entries(hostileMembers).map((one) => [...one, false] as const),
    ...Object.entries(endingMembers).map((one) => [...one, true] as const),
  ]
) {
  Deno.test(`importRuninfo() reads the log beside a tar member with ${claim}`, () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      const good = member("000/parsl.log", log());
      const parts = isEnd
        ? [...good, ...members, end]
        : [...members, ...good, end];
      await Deno.writeFile(
        `${folder}/a.tar`,
        Uint8Array.from(Buffer.concat(parts)),
      );
      counted.inputs++;
      const before = [...Deno.readDirSync(folder)].length;
      using db = await openDatabase(undefined, { engine: "native" });
      const { sources, notRead } = await importRuninfo(db, folder);
      for (const { path, error = "" } of sources) {
        assert.ok(path.startsWith(`${folder}/a.tar/`), path);
        assertReadableReason(error, path);
      }
      for (const { path, reason = "" } of notRead) {
        assert.ok(path.startsWith(`${folder}/a.tar`), path);
        assertReadableReason(reason, path);
      }
      const source = sources.find(({ path }) =>
        path.endsWith("a.tar/000/parsl.log")
      );
      assert.equal(source?.matched, 73, JSON.stringify({ sources, notRead }));
      counted.rows += 73;
      assert.equal([...Deno.readDirSync(folder)].length, before);
      await assert.rejects(Deno.stat("/tmp/faults"), Deno.errors.NotFound);
      counted.survived++;
    }));
}
