import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { chunksOf } from "../../importers/container/chunks.ts";
import { readLines } from "../../importers/lines/lines.ts";
import { inFolder } from "../sql/engines.ts";

/** Lines from readLines(); asserts that each one starts at its offset. */
async function read(
  text: string | Uint8Array<ArrayBuffer>,
  isWhole?: (text: string) => boolean,
) {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  const found: { text: string; line: number; offset: number }[] = [];
  await inFolder(async (folder) => {
    const path = `${folder}/log`;
    await Deno.writeFile(path, bytes);
    const use = (text: string, line: number, offset: number) => {
      found.push({ text, line, offset });
      const start = bytes.subarray(offset);
      const end = start.indexOf(10);
      const there = end < 0 ? start : start.subarray(0, end);
      const decoded = new TextDecoder().decode(there).replace(/\r$/, "");
      assert.equal(decoded, text.toWellFormed());
    };
    const end = readLines(chunksOf(path), use, () => false, isWhole);
    const lines = bytes.lastIndexOf(10) + 1;
    const isAll = found.at(-1)?.offset === lines;
    assert.equal(end.bytes, isAll ? bytes.length : lines);
    assert.equal(end.unfinished, bytes.length - end.bytes);
    const hash = createHash("sha256").update(bytes.subarray(0, end.bytes));
    assert.equal(end.fingerprint, hash.digest("hex"));
  });
  return found.map(({ text, line, offset }) => [line, offset, text]);
}

Deno.test("readLines() gives each line with its number and byte offset", async () => {
  assert.deepEqual(await read("one\n\nthree\n"), [
    [1, 0, "one"],
    [2, 4, ""],
    [3, 5, "three"],
  ]);
});

Deno.test("readLines() counts bytes, not characters", async () => {
  assert.deepEqual(await read("größe\n任务 5\n🜁\nend\n"), [
    [1, 0, "größe"],
    [2, 8, "任务 5"],
    [3, 17, "🜁"],
    [4, 22, "end"],
  ]);
});

Deno.test("readLines() removes the CR of CRLF, but no other CR", async () => {
  assert.deepEqual(await read("one\r\n\r\nth\rree\r\n\n"), [
    [1, 0, "one"],
    [2, 5, ""],
    [3, 7, "th\rree"],
    [4, 15, ""],
  ]);
});

Deno.test("readLines() ignores a last line without a newline", async () => {
  assert.deepEqual(await read("whole\nhal"), [[1, 0, "whole"]]);
  assert.deepEqual(await read("hal"), []);
  assert.deepEqual(await read(""), []);
});

Deno.test("readLines() reads a last line without a newline if it is whole", async () => {
  const isWhole = (text: string) => text.endsWith("}");
  assert.deepEqual(await read("{1}\n{größe}", isWhole), [
    [1, 0, "{1}"],
    [2, 4, "{größe}"],
  ]);
  assert.deepEqual(await read("{1}", isWhole), [[1, 0, "{1}"]]);
  assert.deepEqual(await read("{1}\n{2", isWhole), [[1, 0, "{1}"]]);
});

Deno.test("readLines() replaces invalid UTF-8 and skips a byte order mark", async () => {
  const bytes = Uint8Array.of(
    0xef,
    0xbb,
    0xbf,
    97,
    10,
    0xff,
    98,
    0,
    10,
    99,
    10,
  );
  assert.deepEqual(await read(bytes), [
    [1, 0, "a"],
    [2, 5, "\udfffb\0"],
    [3, 9, "c"],
  ]);
});

Deno.test("readLines() marks invalid bytes, but keeps a U+FFFD in the text", async () => {
  const encoder = new TextEncoder();
  const bytes = Uint8Array.of(
    ...encoder.encode("said \ufffd\n"),
    0xff,
    ...encoder.encode("\ufffd\nö \ufffd\n"),
  );
  assert.deepEqual((await read(bytes)).map(([, , text]) => text), [
    "said \ufffd",
    "\udfff\udfff",
    "ö \ufffd",
  ]);
});

for (const letter of ["x", "ö", "任"]) {
  Deno.test(`readLines() reads lines that span chunks: ${letter}`, async () => {
    const lengths = [1_048_570, 3, 0, 5_000_000, 1_048_576, 700_000, 12, 1];
    const lines = lengths.map((length) => letter.repeat(length));
    const found = await read(lines.join("\n") + "\n");
    assert.deepEqual(found.map(([, , text]) => String(text).length), lengths);
    assert.deepEqual(found.map(([line]) => line), [1, 2, 3, 4, 5, 6, 7, 8]);
  });
}
