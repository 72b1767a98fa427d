import assert from "node:assert/strict";
import { readChannels } from "../../plots/rows/channels.ts";

const channels = { span: undefined, time: undefined };
const rows = [["a", 1.5], ["b", null], ["c", "1970-01-01 00:00:03.25"]];

Deno.test("readChannels() reads times as seconds from arrays, iterators and tables", () => {
  const table = {
    columnNames: () => ["span", "time"],
    numRows: () => 3,
    array: (name: string) => rows.map((row) => row[name === "span" ? 0 : 1]),
  };
  const once = function* () {
    yield* rows;
  };
  for (const input of [rows, once(), table]) {
    const { span, time } = readChannels(input, channels, ["time"]);
    assert.deepEqual(span.values, ["a", "b", "c"]);
    assert.deepEqual(time.values, Float64Array.of(1.5, NaN, 3.25));
  }
});

Deno.test("readChannels() converts only columns named as times", () => {
  const { time } = readChannels(rows, channels);
  assert.deepEqual(time.values, [1.5, null, "1970-01-01 00:00:03.25"]);
});

Deno.test("readChannels() returns empty columns for no rows", () => {
  const { time, length } = readChannels([], channels, ["time"]);
  assert.deepEqual([time.values.length, length], [0, 0]);
});
