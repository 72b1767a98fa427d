import { strict as assert } from "node:assert";
import { scanLog } from "../../importers/formats/parsl/run_of_log.ts";

const encoder = new TextEncoder();
const hour = 3600;

/**
 * A log with a line every ten minutes, by a clock with these offsets from UTC.
 */
function* lines(days: number, ahead: (day: number) => number) {
  for (let time = 0; time < days * 24 * hour; time += 600) {
    const unix = 1_700_000_000 + time;
    const local = new Date((unix + ahead(time / (24 * hour))) * 1000)
      .toISOString().slice(0, 19).replace("T", " ");
    yield `${unix}.25 ${local} MainProcess-1 MainThread-2 ` +
      "parsl.dataflow.dflow:1 f INFO: A line\n";
  }
}

function look(text: string, pieceLength: number) {
  const scanner = scanLog();
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length; at += pieceLength) {
    scanner.scan(bytes.subarray(at, at + pieceLength));
  }
  return scanner.result();
}

for (const pieceLength of [100, 10_000, 1 << 17, 1 << 24]) {
  Deno.test(`scanLog() finds two clock changes, in chunks of ${pieceLength} bytes`, () => {
    const text = [...lines(300, (day) => day < 100 || day > 200 ? hour : 0)]
      .join("");
    const { clock } = look(text, pieceLength);
    assert.deepEqual(
      clock?.offsets.map(({ offset }) => offset),
      [hour, 0, hour],
    );
    assert.equal(clock?.first, 1_700_000_000.25);
    assert.equal(clock?.last, 1_700_000_000.25 + 300 * 24 * hour - 600);
  });
}

Deno.test("scanLog() finds the last time before a long line", () => {
  const text = [...lines(30, () => hour)].join("");
  const { clock } = look(`${text}${"x".repeat(200_000)}\n`, 1 << 17);
  assert.equal(clock?.last, 1_700_000_000.25 + 30 * 24 * hour - 600);
  assert.equal(clock?.offsets.length, 1);
});
