import { sparkCampaign } from "dnpc/campaign";
import {
  compare,
  durationFactors,
  eventSequences,
  runs,
  runsOverTime,
  sequencesInCampaign,
} from "dnpc/questions";
import { openDatabase, type Row, sql } from "dnpc/sql";
import assert from "node:assert/strict";
import { assertAnswers, assertSame, assertSequences, task } from "./asked.ts";
import { exportFixtures, fixture, temporaryFolder } from "./campaigns.ts";

/** `deno task test:spark` sets it: a Python with pyspark and pyarrow. */
const python = Deno.env.get("DNPC_SPARK_PYTHON");

/** Questions whose SQL is all in others: starting jobs takes most of the time. */
const alike = new Set([
  "eventsOf tasks",
  "steps",
  "nestedSpans",
  "timesBetween, each, of tasks",
  "eventCounts per second",
  "statesOverTime of monitoring",
  "whereIsEveryTask",
]);

/** Compiles less: half of the processor time, if a program runs for minutes. */
const java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

Deno.test({
  name: "sparkCampaign() answers as a database does, on two worker processes",
  ignore: python === undefined,
  async fn(t) {
    await using folder = await temporaryFolder();
    const dir = `${folder.path}/campaign`;
    const set = "multi-htex.tar.gz";
    await exportFixtures(dir, set);
    using db = await openDatabase(await fixture(set), { readOnly: true });
    using campaign = await sparkCampaign({
      dir,
      submit: [python!],
      master: "local-cluster[2,1,1024]",
      config: {
        "spark.sql.shuffle.partitions": "2",
        // Compiling code for a query takes longer than a few rows without it.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": java,
        "spark.executor.extraJavaOptions": java,
      },
    });
    await assertAnswers(t, campaign, db, (name) => !alike.has(name));
    for (const align of ["order", "step"] as const) {
      await t.step(`sequencesInCampaign by ${align}`, async () => {
        const found = await sequencesInCampaign(campaign, task, { align });
        assertSequences(found, eventSequences(db, task, { align }));
      });
    }
    await t.step("runs", async () => {
      const found = await runs(campaign);
      assert.deepEqual([...found], runs(db).map((row) => ({ ...row })));
    });
    await t.step("compare", async () => {
      const expected = compare(db, { by: "app" });
      const found = await compare(campaign, { by: "app" });
      assertSame(found as unknown as Row[], expected as unknown as Row[]);
    });
    await t.step("questions about many runs", async () => {
      for (
        const [expected, found] of [
          [runsOverTime(db), await runsOverTime(campaign)],
          [durationFactors(db), await durationFactors(campaign)],
        ]
      ) assertSame(found as unknown as Row[], expected as unknown as Row[]);
    });
    await t.step("values are bound, and errors in words", async () => {
      const hostile = `'; DROP VIEW span; -- "\\`;
      const [row] = await campaign.query(
        sql`SELECT ${hostile} AS text, ${1} AS n`,
      );
      assert.deepEqual({ ...row }, { text: hostile, n: 1 });
      await assert.rejects(
        campaign.query("SELECT * FROM spann"),
        /TABLE_OR_VIEW_NOT_FOUND.*spann/s,
      );
      await assert.rejects(
        campaign.query(sql`SELECT id FROM span WHERE type = ${task} AND none`),
        /UNRESOLVED_COLUMN/,
      );
    });
  },
});

Deno.test({
  name: "sparkCampaign() says what is missing",
  // `deno task test` runs it.
  ignore: python !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    await exportFixtures(folder.path, "tz/runinfo");
    const dir = folder.path;
    await assert.rejects(
      sparkCampaign({ dir, submit: ["no-such-spark-submit"] }),
      /there is no program no-such-spark-submit, which would start Spark/,
    );
    // Without packages of the user or of the system.
    await assert.rejects(
      sparkCampaign({ dir, submit: ["python3", "-I", "-S"] }),
      /No module named 'pyarrow': install both with/,
    );
  },
});
