import { importRuninfo } from "dnpc/importers";
import { coverage } from "dnpc/questions";
import { createSchema, type Database, openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";
import {
  countLines,
  filesNamed,
  larger,
  onLogs,
  tzLogs,
  wqLogs,
  writeFiles,
} from "../importers/logs.ts";

const having = (db: Database): Record<string, number> =>
  Object.fromEntries(
    coverage(db).map((row) => [
      `${row.component.split(".").slice(1).join(".")}/${row.event_type}`,
      row.having,
    ]),
  );

// Patterns that count the lines of each log.
onLogs(
  "coverage() counts the tries in each log",
  [tzLogs, larger("htex-head")],
  (db, { path, name }) => {
    const lines = (log: RegExp, pattern: RegExp) =>
      [...filesNamed(path, log)]
        .reduce((sum, file) => sum + countLines(file, pattern), 0);
    const found = having(db);
    const launched = lines(/^parsl\.log$/, /launched on executor/);
    assert.equal(found["rundir/launched"], launched);
    assert.equal(
      found["executor.htex.worker/worker_received_task"],
      lines(/^worker_\d+\.log$/, /[Rr]eceived executor task/),
    );
    assert.equal(
      found["executor.htex.interchange/interchange_queued"],
      lines(/^interchange\.log$/, /Put task \d+ onto/),
    );
    const [first] = coverage(db);
    assert.equal(first!.tries, name === "tz" ? 70 : 221);
    // Parsl of 2023 does not log later tries as pending.
    assert.equal(first!.having, name === "tz" ? 62 : 221);
    assert.equal(first!.share, first!.having / first!.tries);
    assert.ok(coverage(db).every(({ share }) => share >= 0 && share <= 1));
  },
);

/** Imports a run with only some of its files. */
const withOnly = (
  wanted: (path: string) => boolean,
  look: (db: Database) => void,
  set = tzLogs,
) =>
  inFolder(async (folder) => {
    const files = [...filesNamed(set.path, /./)].filter(wanted);
    await writeFiles(
      folder,
      Object.fromEntries(files.map((path) => [
        path.slice(set.path.length + 1),
        Deno.readFileSync(path),
      ])),
    );
    using db = await openDatabase();
    await importRuninfo(db, folder);
    look(db);
  });

Deno.test("coverage() shows that the workers' logs are missing", () =>
  withOnly((path) => !path.includes("worker_"), (db) => {
    const steps = coverage(db);
    const of = (component: string) =>
      steps.filter((row) => row.component === component);
    assert.deepEqual(
      of("parsl.executor.htex.worker").map((
        row,
      ) => [row.event_type, row.share]),
      [
        ["worker_received_task", 0],
        ["worker_completed_task", 0],
        ["worker_all_finished_task", 0],
      ],
    );
    assert.equal(of("parsl.executor.htex.manager")[0]!.having, 63);
  }));

// parsl.log names the executors since 2024.
Deno.test({
  name: "coverage() shows that an executor's logs are all missing",
  ignore: larger("htex-head").ignore,
  fn: () =>
    withOnly(
      (path) => path.endsWith("parsl.log"),
      (db) => {
        const steps = coverage(db)
          .filter(({ component }) => component.includes("htex"));
        assert.equal(steps.length, 7);
        assert.ok(steps.every(({ share }) => share === 0));
        assert.ok(steps.every(({ run, rundir }) => run && rundir));
      },
      larger("htex-head"),
    ),
});

Deno.test("coverage() without a parsl.log measures monitoring", () =>
  withOnly((path) => path.endsWith("monitoring.db"), (db) => {
    const steps = coverage(db);
    const running = steps.find(({ event_type }) => event_type === "running")!;
    // SELECT count(*) FROM status WHERE task_status_name = 'running'
    assert.deepEqual([running.having, running.launched_share], [65, 1]);
    assert.equal(running.rundir, null);
  }));

onLogs(
  "coverage() has the steps of all runs for each run",
  [larger("multi-htex"), wqLogs],
  async (db, { name }) => {
    if (name === "wq") await importRuninfo(db, tzLogs.path);
    const runs = Map.groupBy(coverage(db), ({ run }) => run);
    assert.equal(runs.size, 2);
    const [first, second] = [...runs.values()].map((rows) =>
      rows.map(({ span_type, event_type }) => `${span_type}/${event_type}`)
    );
    assert.deepEqual(first, second);
  },
);

Deno.test("coverage() of an empty database has no rows", async () => {
  using db = await openDatabase();
  createSchema(db);
  assert.deepEqual([...coverage(db)], []);
});
