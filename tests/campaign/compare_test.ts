import { exportCampaign, openCampaign } from "dnpc/campaign";
import { compare, type CompareOptions, gate } from "dnpc/questions";
import { openDatabase, type Row } from "dnpc/sql";
import assert from "node:assert/strict";
import { optionsOf } from "../../display/text/rows.ts";
import { repeatedSets } from "../questions/repeated_runs.ts";
import { assertSame } from "./asked.ts";
import { fixture, temporaryFolder } from "./campaigns.ts";

/** Asks a database and a campaign of its runs the same. */
async function assertCompared(
  t: Deno.TestContext,
  path: string,
  asked: readonly CompareOptions[],
): Promise<void> {
  await using folder = await temporaryFolder();
  using db = await openDatabase(path, { readOnly: true });
  exportCampaign(db, folder.path);
  using campaign = await openCampaign(folder.path);
  for (const options of asked) {
    await t.step(JSON.stringify(options), async () => {
      const expected = compare(db, options);
      const found = await compare(campaign, options);
      assert.ok(expected.length > 0);
      assertSame(found as unknown as Row[], expected as unknown as Row[]);
      assert.equal(optionsOf(found)!.heading, optionsOf(expected)!.heading);
    });
  }
  await t.step("mistakes", async () => {
    for (
      const [options, says] of [
        [{ by: "version", baseline: "none" }, /there is no version "none"/],
        [{ by: "verison" }, /no "verison" to group by: .*Did you mean version/],
        [{ runs: ["none"] }, /there is no run "none"/],
        [{ run: "000" } as CompareOptions, /compare\(\) has no option "run"/],
      ] as const
    ) {
      await assert.rejects(
        async () => await compare(campaign, options),
        { message: says },
      );
    }
  });
  await t.step("gate()", async () => {
    const { measures, passed } = await gate(campaign, db);
    assert.ok(passed);
    for (const { new: own, baseline } of measures) {
      assert.ok(Math.abs(own! - baseline!) < 1e-9);
    }
  });
}

Deno.test("compare() has the rows of a database in a campaign of repeated runs", async (t) => {
  await assertCompared(t, await repeatedSets(), [
    { by: "version" },
    { by: "set", baseline: "again" },
    { by: "set", steps: "events" },
    { runs: ["again/000", "slower/004"] },
  ]);
});

// Its managers were killed, and tasks tried again; it has monitoring.
Deno.test("compare() has the rows of a database in a campaign of runs with retries", async (t) => {
  await assertCompared(t, await fixture("multi-htex.tar.gz"), [
    {},
    { baseline: "001" },
    { by: "app" },
    { by: "memoize" },
    { by: "block", steps: "events" },
    { by: "app", root: "parsl.rundir.try", components: ["parsl.rundir"] },
    { root: "parsl.monitoring.try", eventTypes: ["running", "running_ended"] },
  ]);
});
