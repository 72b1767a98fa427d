import { strict as assert } from "node:assert";
import { importCloudWatch, type SourceReport } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "../importers/databases.ts";
import { randomNumbers } from "../importers/damage.ts";
import { figures, times } from "./figures.ts";
import { exportsOf } from "./cloud_watch.ts";

const counted = figures("exports of CloudWatch");

/** Imports bytes; undefined if they are no longer recognized as an export. */
async function imported(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ source: SourceReport; entries: unknown[] } | undefined> {
  Deno.writeFileSync(path, bytes);
  counted.inputs++;
  using db = await openDatabase(undefined, { engine: "native" });
  try {
    const { sources: [source] } = await importCloudWatch(db, path);
    const entries = rows(db, "SELECT entry FROM log_record ORDER BY line");
    assert.notEqual(source!.outcome, "failed", source!.error);
    assert.equal(source!.lines, source!.matched + source!.malformed);
    counted.survived++;
    return { source: source!, entries: entries.flat() };
  } catch (thrown) {
    assert.ok(thrown instanceof TypeError, String(thrown));
    assert.ok(thrown.message.includes(path));
    counted.survived++;
    return undefined;
  }
}

for (const [name, { bytes, places }] of Object.entries(exportsOf(60))) {
  const step = times(name === "rows" ? 487 : 1793, 13);

  Deno.test(`importCloudWatch() reads every complete record of a truncated ${name}`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/export.json`;
      const all = (await imported(path, bytes.slice()))!;
      assert.equal(all.source.error, undefined);
      assert.equal(all.entries.length, 60);
      for (let length = 97; length < bytes.length; length += step) {
        const cut = await imported(path, bytes.slice(0, length));
        assert.ok(cut, `cut at ${length}`);
        const before = places.filter(({ end }) => end <= length).length;
        assert.deepEqual(cut.entries, all.entries.slice(0, before));
        counted.rows += before;
        assert.equal(cut.source.error, `cut short at byte ${length}`);
        const isInside = places.some(({ start, end }) =>
          start + 1 <= length && length < end
        );
        assert.equal(cut.source.lines, before + Number(isInside));
      }
    }));

  Deno.test(`importCloudWatch() reads every record of ${name} except one with a flipped byte`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/export.json`;
      const all = (await imported(path, bytes.slice()))!;
      const random = randomNumbers(7);
      // Every byte of the first records' structure, then random offsets.
      const { end } = places[1]!;
      const near = Array.from({ length: end }, (_, place) => place)
        .filter((place) =>
          /[[\]{},:" \n]/.test(String.fromCharCode(bytes[place]!))
        )
        .filter(() => random() < times(0.1, 1));
      const anywhere = Array.from(
        { length: times(20, 2000) },
        () => Math.floor(random() * bytes.length),
      );
      for (const place of [...near, ...anywhere]) {
        const damaged = bytes.slice();
        damaged[place]! ^= 1 + Math.floor(random() * 255);
        const found = await imported(path, damaged);
        if (!found) {
          assert.ok(place < places[0]!.start + 60, `byte ${place}`);
          continue;
        }
        const claim = `byte ${place}: ${bytes[place]} is ${damaged[place]}`;
        const kept = new Set(found.entries);
        places.forEach(({ start, end }, i) => {
          if (place >= start && place < end) return;
          assert.ok(kept.has(all.entries[i]), `${claim}: ${i} is lost`);
          counted.rows++;
        });
        const { error, malformed, lines } = found.source;
        if (found.entries.length < 60) {
          assert.ok(error !== undefined || malformed > 2, claim);
          assert.ok(lines >= 59, claim);
        }
      }
    }));
}
