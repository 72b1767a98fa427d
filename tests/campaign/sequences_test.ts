import { exportCampaign, openCampaign } from "dnpc/campaign";
import { eventSequences, sequencesInCampaign } from "dnpc/questions";
import { createSchema, insertRows, openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { assertSequences, task } from "./asked.ts";
import { exportFixtures, fixture, temporaryFolder } from "./campaigns.ts";

Deno.test("sequencesInCampaign() has the rows of eventSequences()", async (t) => {
  await using folder = await temporaryFolder();
  const set = "tz/runinfo";
  await exportFixtures(folder.path, set);
  using db = await openDatabase(await fixture(set), { readOnly: true });
  using campaign = await openCampaign(folder.path);
  for (
    const [roots, options] of [
      [task, {}],
      [task, { align: "step" }],
      ["parsl.rundir.try", { run: "000", percentiles: [50, 99] }],
      ["parsl.monitoring.try", { align: "step", events: "all" }],
    ] as const
  ) {
    await t.step(`${roots} ${JSON.stringify(options)}`, async () => {
      const expected = eventSequences(db, roots, options);
      const found = await sequencesInCampaign(campaign, roots, options);
      assertSequences(found, expected);
    });
  }
});

Deno.test("sequencesInCampaign() leaves out events without a time, and counts the others from 1", async () => {
  await using folder = await temporaryFolder();
  using db = await openDatabase();
  createSchema(db);
  db.exec(`
    INSERT INTO span_kind (type, format, role) VALUES ('ship', 'log', 'task');
    INSERT INTO span (id, type, key, attributes) VALUES
      (1, 'ship', 'a', '{"run":"spring"}')`);
  insertRows(db, "event", ["span_id", "time", "type"], [
    [1, null, "left"],
    [1, 10, "left"],
    [1, 15, "left"],
  ]);
  exportCampaign(db, folder.path);
  using campaign = await openCampaign(folder.path);
  const found = await sequencesInCampaign(campaign, "ship");
  assert.deepEqual(
    found.map(({ event_type, nth, since_before_mean }) => [
      event_type,
      nth,
      since_before_mean,
    ]),
    [["left", 1, null], ["left", 2, 5]],
  );
});
