import { openCampaign } from "dnpc/campaign";
import { eventSequences, sequencesInCampaign } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
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
