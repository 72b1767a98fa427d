import { strict as assert } from "node:assert";
import { WaitingRecords } from "../../importers/lines/waiting.ts";

const records = (lines: number, message: string) =>
  Array.from({ length: lines }, (_, i) => ({
    time: i,
    thread: "",
    message,
    line: i + 1,
    offset: 0,
  }));

for (const [claim, keys] of [["one key", 1], ["many keys", 100_000]] as const) {
  Deno.test(`WaitingRecords hold few records of ${claim}, and lose none`, () => {
    const lines: number[] = [];
    let max = 0;
    const waiting = new WaitingRecords((key) => {
      const taken = waiting.take(key);
      max = Math.max(max, taken.length);
      for (const { line } of taken) lines.push(line);
    });
    for (const record of records(100_000, "x".repeat(100))) {
      waiting.add(String(record.line % keys), record);
      max = Math.max(max, waiting.size);
    }
    // 4 million characters, at 300 a record.
    assert.ok(max < 15_000, `${max} waited`);
    waiting.giveUpAll();
    assert.equal(waiting.size, 0);
    assert.deepEqual(lines, records(100_000, "").map(({ line }) => line));
  });
}

Deno.test("WaitingRecords keep waiting after some were taken", () => {
  const waiting = new WaitingRecords(() => assert.fail("gave up"));
  for (const record of records(100_000, "x".repeat(100))) {
    waiting.add("a", record);
    waiting.add("b", { ...record });
    assert.equal(waiting.take("a").length, 1);
    assert.equal(waiting.take("b").length, 1);
  }
});
