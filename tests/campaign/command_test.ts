import assert from "node:assert/strict";
import { inPlace } from "../cli/shell.ts";
import { partitionsOf, readParquet } from "./campaigns.ts";

const tz = "run=8b02009a-662b-47a8-8ae8-abfaf19f296a";

Deno.test("dnpc import --to parquet writes a campaign, and leaves no other files", () =>
  inPlace(async (place) => {
    const first = await place.shell("dnpc import runinfo/ --to parquet spring");
    assert.equal(first.code, 0);
    assert.match(first.stdout, /^1 run, 62 tasks, 3 failed/);
    assert.match(
      first.stderr,
      /^dnpc: spring: 1 run added; [\d,]+ rows, [\d.]+ kB written\n$/,
    );
    const dir = `${place.folder}/spring`;
    assert.deepEqual(partitionsOf(dir), [tz]);
    // sqlite3 monitoring.db "SELECT count(*) FROM try"
    const tries = await readParquet(dir, tz, "monitoring_try");
    assert.equal(tries.length, 70);
    const again = await place.shell(
      "dnpc import runinfo/ --to parquet -o spring",
    );
    assert.equal(again.stderr, "dnpc: spring: 1 run already there\n");
  }));

Deno.test("dnpc import --to parquet refuses a run in two parts, and a wrong target", () =>
  inPlace(async (place) => {
    const parts = "runinfo/monitoring.db runinfo/000/parsl.log";
    const { code, stderr } = await place.shell(
      `dnpc import ${parts} --to parquet spring -q`,
    );
    assert.equal(code, 125);
    assert.match(stderr, /is in two imports.*Import them together/s);
    const other = await place.shell("dnpc import runinfo --to parquet");
    assert.match(other.stderr, /needs a directory: -o DIR/);
    const wrong = await place.shell(
      "dnpc import before --to parquet runinfo/",
    );
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /runinfo\/ is not a campaign: it has "000"/);
    const none = await place.shell("dnpc import bin --to parquet spring2 -q");
    assert.equal(none.code, 125);
    assert.ok(
      ![...Deno.readDirSync(place.folder)].some(({ name }) =>
        name === "spring2"
      ),
    );
  }));
