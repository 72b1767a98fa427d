import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { recordsIn } from "../../importers/formats/cloud_watch/records.ts";
import { randomNumbers } from "../importers/damage.ts";
import { assertLinear } from "../importers/growth.ts";
import { encoder, exportsOf, inChunks, rest, written } from "./cloud_watch.ts";
import { figures, times } from "./figures.ts";
import { counting } from "./holds.ts";

const counted = figures("records of exports, generated and damaged");

Deno.test("recordsIn() does not depend on the chunk size", () => {
  const random = randomNumbers(3);
  for (const { bytes, places } of Object.values(exportsOf(10))) {
    for (let time = 0; time < 40; time++) {
      const damaged = bytes.slice();
      // No chunk boundary at first; then random ones, also between records.
      const { end } = places[time % places.length]!;
      if (time > 20) damaged[end] = random() < 0.5 ? 32 : 35;
      for (let i = 0; i < time % 4; i++) {
        const place = places[0]!.end +
          Math.floor(random() * (bytes.length - places[0]!.end));
        damaged[place]! ^= 1 + Math.floor(random() * 255);
      }
      const values = (length: number) =>
        [...recordsIn(inChunks(damaged, length))]
          .flatMap((found) => "value" in found ? [found.value] : []);
      const whole = values(damaged.length);
      for (const length of [1, 7, 100 + Math.floor(random() * 400)]) {
        assert.deepEqual(values(length), whole);
      }
    }
  }
});

/** Records that contain what other records begin with. */
const texts = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '"timestamp": 1659518800000',
    '[{"field": "a"',
    "\\",
    "é]}",
  ),
);
const parts = fc.array(fc.oneof(
  fc.record({ "@type": texts, timestamp: fc.constant(1659518800000) }),
  fc.constantFrom(true, null, 1e-7),
));
const generated: Record<string, fc.Arbitrary<unknown>> = {
  rows: fc.tuple(texts, texts).map(([time, message]) => [
    { field: "@timestamp", value: time },
    { field: "@message", value: message },
  ]),
  events: texts.map((message) => ({
    logStreamName: "s",
    timestamp: 1659518800000,
    message,
  })),
  console: fc.tuple(texts, parts).map(([text, parts]) => ({
    "@timestamp": "2022-08-03 09:26:40.123",
    "@message": { parts, text },
  })),
};
const surroundings: Record<string, { head: string; foot: string }> = {
  rows: { head: '{"results":[', foot: `],${rest}` },
  events: {
    head: '{"events":[',
    foot: '],"searchedLogStreams":[{"logStreamName":"s",' +
      '"searchedCompletely":true}]}',
  },
  console: { head: "[", foot: "]\n" },
};

for (const [form, record] of Object.entries(generated)) {
  Deno.test(`recordsIn() loses and invents no record beside damage to ${form}`, () => {
    const records = fc.array(record, { minLength: 3, maxLength: 12 });
    const indent = fc.constantFrom(0, 2);
    // Other bytes may turn two records into one that nobody can tell from whole.
    const damage = fc.uint8Array({ minLength: 1, maxLength: 300, max: 8 });
    counting(counted, { numRuns: times(500, 20_000), seed: 5 })(fc.property(
      ...[records, indent, damage, fc.nat()] as const,
      (records, indent, damage, anywhere) => {
        const { bytes, places } = written(records, {
          ...surroundings[form]!,
          indent,
        });
        // The first record tells what kind of file this is.
        const [first, last] = [places[0]!.end, places.at(-1)!.end];
        const from = first + 1 + anywhere % (last - first - 1);
        const damaged = damage.subarray(0, last - from);
        bytes.set(damaged, from);
        const to = from + damaged.length;
        const isHit = places.map(({ start, end }) => start < to && end > from);
        const found = [...recordsIn(inChunks(bytes, 1000))];
        const values = found.flatMap((found) =>
          "value" in found ? [JSON.stringify(found.value)] : []
        );
        const undamaged = records.filter((_, i) => !isHit[i])
          .map((record) => JSON.stringify(record));
        const others = values.toSorted();
        for (const record of undamaged) {
          const at = others.indexOf(record);
          assert.ok(at >= 0, `${record} is lost`);
          others.splice(at, 1);
        }
        const hits = isHit.filter(Boolean).length;
        assert.ok(others.length <= hits, `${others} are invented`);
        let lost = 0;
        for (const damage of found) {
          if ("value" in damage) continue;
          const { place } = damage;
          lost += damage.lost;
          // A last string that does not end looks cut.
          if (damage.isCut && isHit.at(-1)) continue;
          const start = places.findLast(({ start }) => start <= from)!.start;
          const end = places.find(({ end }) => end >= to)?.end ?? to;
          assert.ok(start <= place && place <= end, `${place} is elsewhere`);
        }
        // Between records, damage may look like a part of one.
        assert.ok(lost <= Math.max(hits, 1), `${lost} of ${hits} are lost`);
        const isMissing = values.length < records.length;
        assert.ok(!isMissing || found.length > values.length, "lost silently");
      },
    ));
  });
}

Deno.test("recordsIn() reports where a damaged record begins", () => {
  const head = '[{"@timestamp":"a","@message":{"isTrue":true}},';
  const damaged = '{"@timestamp":"b","@message":{"parts":[{"@type":1},';
  const foot = ',{"@timestamp":"c"}]';
  const found = [...recordsIn([encoder.encode(head + damaged + foot)])];
  assert.deepEqual(found, [
    { value: { "@timestamp": "a", "@message": { isTrue: true } } },
    { place: head.length, lost: 1, isCut: false },
    { value: { "@timestamp": "c" } },
  ]);
});

Deno.test("recordsIn() takes linear time", async () => {
  const good = '[{"@timestamp":"a"},';
  const message = '{"@timestamp":"a","@message":"';
  const contents: Record<string, (size: number) => string> = {
    spaces: (size) => `${good}x${" ".repeat(4 * size)}]`,
    "a long record": (size) => `${good}${message}${'a\\"'.repeat(size)}"}]`,
    "strings without an end": (size) => good + message.repeat(size / 10),
    "records in records": (size) =>
      good + '{"@timestamp":[1,'.repeat(size / 10),
  };
  for (const [claim, content] of Object.entries(contents)) {
    await assertLinear(
      (size) => {
        const bytes = encoder.encode(content(size));
        for (const _ of recordsIn(inChunks(bytes, 1 << 17)));
      },
      400_000,
      claim,
    );
  }
});
