import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";

Deno.test("importRuninfo() fills the table run, from parsl.log and monitoring", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/wq/runinfo", { timeZone: "UTC" });
  const query = "SELECT * FROM run JOIN run_label USING (id)";
  const [row, ...others] = db.query(query);
  assert.equal(others.length, 0);
  const { id: _, rundir, ...rest } = row!;
  assert.match(String(rundir), /\/wq\/runinfo\/000$/);
  // From monitoring's table workflow and from parsl.log: the first line, "Parsl
  // version" and "Workflow shutdown information".
  assert.deepEqual(rest, {
    directory: "/home/parsl/wq/runinfo/000",
    run_id: "e2bb772d-90dd-4524-b343-dfcd38639cfa",
    parsl_version: "1.3.0-dev-b8b474c7a-clean",
    workflow: "sample-wq",
    host: "vm",
    user: "root",
    began: 1795344284.276837,
    ended: 1795344362.037794,
    label: "000",
  });
  // Importing again changes nothing.
  await importRuninfo(db, "tests/fixtures/wq/runinfo", { timeZone: "UTC" });
  assert.deepEqual([...db.query(query)], [row]);
});

const ends = {
  // grep "DFK cleanup complete" parsl.log
  tz: 1795347192.950949,
  // The log is truncated: grep "cleanup: end" finds nothing.
  "obs-wf": null,
};

for (const [name, ended] of Object.entries(ends)) {
  Deno.test(`importRuninfo() reads the end of the run ${name}`, async () => {
    using db = await openDatabase();
    await importRuninfo(db, `tests/fixtures/${name}/runinfo`, {
      timeZone: "America/New_York",
    });
    assert.deepEqual([...db.query("SELECT ended FROM run")], [{ ended }]);
  });
}
