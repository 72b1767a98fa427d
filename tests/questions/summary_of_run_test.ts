import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Summary, summary } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";

Deno.test("summary().ofRun() is the summary of the run, but for comparisons", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  const members = (summary: Summary) => {
    const { odd: _, ...others } = summary;
    return others;
  };
  const all = summary(db);
  for (const run of ["000", "001"]) {
    const part = all.ofRun(run);
    const asked = summary(db, { run });
    assert.deepEqual(members(part), members(asked));
    assert.equal(part.toString().split("\n")[0], String(asked).split("\n")[0]);
  }
  assert.equal(all.ofRun("002").runs.length, 0);
});
