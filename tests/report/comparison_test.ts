import { importRuninfo } from "dnpc/importers";
import { report } from "dnpc/report";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";

Deno.test("report() of several runs begins with a chart that compares them", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  const captions = (html: string) =>
    [...html.matchAll(/ alt="([^"]*)"/g)].map(([, caption]) => caption!);
  const [first, ...others] = captions(report(db));
  // The numbers are those of compare_test.ts.
  assert.match(first!, /^001 took 25 s, 4\.32 s \(21%\) longer than 000; its/);
  assert.equal(others.length, 2);
  const ofOne = captions(report(db, { run: "000" }));
  assert.ok(ofOne.every((caption) => !caption.includes("longer than")));
});
