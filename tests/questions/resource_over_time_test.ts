import { metricSeries } from "dnpc/plots";
import {
  memoryOverTime,
  resourceOverTime,
  type ResourceStep,
  resourceUse,
} from "dnpc/questions";
import assert from "node:assert/strict";
import { optionsOf } from "../../display/text/rows.ts";
import {
  headJsonLogs,
  logSet,
  onLogs,
  resourceLogs,
} from "../importers/logs.ts";

const twoRuns = logSet("multi-htex.tar.gz", "tests/fixtures", "");

const most = (rows: readonly ResourceStep[], column: string) =>
  Math.max(...rows.map((row) => Number(row[column])));

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found / expected - 1) < 0.02, `${found}`);

// The sums at the time of each sample, by SQL over the tables resource and
// status in the sqlite3 shell.
onLogs(
  "memoryOverTime() adds up the samples of monitoring.db",
  [twoRuns],
  (db) => {
    const rows = memoryOverTime(db, { by: "run" });
    const of = (run: string) => rows.filter((row) => row.run === run);
    assert.equal(most(of("000"), "memory_bytes"), 943_255_552);
    assert.equal(most(of("000"), "largest"), 140_836_864);
    assert.equal(most(of("000"), "tasks"), 7);
    assert.equal(most(of("001"), "memory_bytes"), 952_729_600);
    // All have ended.
    assert.deepEqual(of("001").at(-1)!.tasks, 0);
    assert.match(
      optionsOf(rows)!.heading!,
      /^run 001 had the most at once: 953 MB, of 7 tasks\. From 428 meas.* 280/,
    );
    const sleepers = memoryOverTime(db, { run: "000", by: "app" })
      .filter(({ app }) => app === "sleeper");
    assert.equal(most(sleepers, "memory_bytes"), 793_731_072);
    const hosts = memoryOverTime(db, { run: "000", by: "host" });
    assert.equal(most(hosts, "memory_bytes"), 943_255_552);
    const tasks = memoryOverTime(db, { run: "000", by: "task" });
    assert.equal(most(tasks, "memory_bytes"), 140_836_864);
  },
);

onLogs("resourceOverTime() gives the rates of counters", [twoRuns], (db) => {
  const cpu = resourceOverTime(db, { resource: "cpu", by: "run", run: "000" });
  near(most(cpu, "cores"), 1.853);
  const read = resourceOverTime(db, {
    resource: "disk read",
    by: "run",
    run: "001",
  });
  near(most(read, "disk_read_bytes_per_second"), 13_899_292);
  // The area is the processor time from the first sample of each try to its last.
  const burn = resourceOverTime(db, { resource: "cpu", run: "000", by: "app" })
    .filter(({ app }) => app === "burn");
  const seconds = burn.reduce(
    (sum, { time, cores }, i) =>
      sum + Number(cores) * ((burn[i + 1]?.time ?? time) - time),
    0,
  );
  near(seconds, 3.28);
});

onLogs(
  "resourceOverTime() counts what a queue's monitor measured",
  [resourceLogs],
  (db) => {
    // The executions of the app hold disk, which monitoring.db does not know.
    const rows = resourceOverTime(db, { resource: "disk", by: "task" });
    const disk = resourceUse(db).filter(({ resource }) => resource === "disk");
    assert.equal(
      most(rows, "disk_bytes"),
      2 ** 20 * Math.max(...disk.map((row) => Number(row.measured_max))),
    );
    assert.equal(most(rows, "tasks"), 1);
  },
);

onLogs(
  "memoryOverTime() says which source has what no log has",
  [headJsonLogs],
  (db) => {
    db.exec("DELETE FROM metric_row");
    assert.throws(() => memoryOverTime(db), {
      name: "RangeError",
      message: "no log has the memory of tasks: monitoring.db has it if " +
        "resource_monitoring_enabled was set, and a log of Work Queue or " +
        "TaskVine if their resource monitor ran",
    });
    assert.throws(
      () => resourceOverTime(db, { resource: "memry" as "memory" }),
      { name: "RangeError", message: /there is "memory",.* mean memory\?$/ },
    );
  },
);

onLogs("metricSeries() draws memory by app, a plot a run", [twoRuns], (db) => {
  const chart = metricSeries(memoryOverTime(db, { by: "app" }));
  for (
    const text of [
      "How did memory change over time?",
      "memory (MB)",
      "run 000",
      "run 001",
    ]
  ) {
    assert.ok(chart.svg.includes(text), text);
  }
  assert.match(chart.svg, /At most 793\.7 MB, of sleeper/);
  const one = metricSeries(
    resourceOverTime(db, { resource: "disk read", by: "host", run: "000" }),
  );
  assert.match(one.caption, /^At most 18\.\d+ MB\/s\.$/);
});
