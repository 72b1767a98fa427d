import { exportCampaign, openCampaign } from "dnpc/campaign";
import {
  durationFactors,
  outlierRuns,
  runsOverTime,
  runTrends,
} from "dnpc/questions";
import { openDatabase, type Row } from "dnpc/sql";
import assert from "node:assert/strict";
import { addRuns } from "../questions/many_runs.ts";
import { assertSame, done, launched } from "./asked.ts";
import { exportFixtures, fixture, temporaryFolder } from "./campaigns.ts";

const events = { from: launched, to: done };

Deno.test("questions about many runs have the same rows of a campaign", async (t) => {
  await using folder = await temporaryFolder();
  // Two real runs, and eight that are made: the last is slow, and node2 is.
  const real = `${folder.path}/real`;
  await exportFixtures(real, "multi-htex.tar.gz");
  const made = `${folder.path}/made`;
  using db = await openDatabase(undefined, { engine: "native" });
  addRuns(
    db,
    Array.from({ length: 8 }, (_, run) => ({
      began: 1.78e9 + run * 1e6,
      version: run < 4 ? "old" : "new",
      tries: Array.from({ length: 24 }, (_, i) => ({
        app: i % 2 ? "long" : "short",
        host: `node${i % 3}`,
        block: String(i % 2),
        seconds: (i % 2 ? 8 : 1) * (1 + i / 100 + (run * 7 % 5) / 20) *
          (i % 3 === 2 ? 2 : 1) * (run === 7 ? 4 : 1),
        failed: i < run,
      })),
    })),
  );
  exportCampaign(db, made);
  using realDb = await openDatabase(await fixture("multi-htex.tar.gz"), {
    readOnly: true,
  });
  for (const [dir, data] of [[real, realDb], [made, db]] as const) {
    using campaign = await openCampaign(dir);
    const asked: Record<string, [object[], Promise<object[]>]> = {
      runsOverTime: [runsOverTime(data), runsOverTime(campaign)],
      "runsOverTime by app": [
        runsOverTime(data, { by: "app", per: "month", ...events }),
        runsOverTime(campaign, { by: "app", per: "month", ...events }),
      ],
      runTrends: [runTrends(data), runTrends(campaign)],
      "runTrends of a host": [
        runTrends(data, { by: "host" }),
        runTrends(campaign, { by: "host" }),
      ],
      durationFactors: [durationFactors(data), durationFactors(campaign)],
      "durationFactors between events, in a run": [
        durationFactors(data, { ...events, run: "001" }),
        durationFactors(campaign, { ...events, run: "001" }),
      ],
      "durationFactors by an attribute": [
        durationFactors(data, { by: ["try", "executor", "hostname"] }),
        durationFactors(campaign, { by: ["try", "executor", "hostname"] }),
      ],
      ...dir === made && {
        outlierRuns: [outlierRuns(data), outlierRuns(campaign)],
      },
    };
    for (const [name, [expected, found]] of Object.entries(asked)) {
      await t.step(
        `${name}, ${data.query("SELECT 1 FROM run").length} runs`,
        async () => {
          assert.ok(expected.length > 0);
          assertSame(await found as Row[], expected as Row[]);
        },
      );
    }
  }
});
