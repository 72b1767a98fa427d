import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import * as all from "dnpc/questions";
import {
  createSchema,
  type Database,
  openDatabase,
  schemaVersion,
  type Sql,
  sql,
} from "dnpc/sql";
import { report } from "dnpc/report";
import { commands } from "../../cli/commands.ts";
import { inPlace } from "../cli/shell.ts";
import { inFolder } from "../sql/engines.ts";
import { askingCommands } from "./asking.ts";
import { figures } from "./figures.ts";

const counted = figures("questions and commands on other databases");

const [a, b] = ["task/began", "task/ended"] as const;

/** Every question, as somebody would ask it; "none" for those without rows. */
const questions: Record<string, ((db: Database) => Sql | unknown) | "none"> = {
  attempts: (db) => all.attempts(db),
  blockActivity: (db) => all.blockActivity(db),
  blocks: (db) => all.blocks(db),
  bottleneck: (db) => all.bottleneck(db),
  failures: (db) => all.failures(db),
  runs: (db) => all.runs(db),
  summary: (db) => all.summary(db),
  compare: (db) => all.compare(db, { runs: ["000", "001"] }),
  compareSpans: (db) => all.compareSpans(db, { a: "task", b: "try" }),
  coverage: all.coverage,
  criticalPath: (db) => all.criticalPath(db),
  durationFactors: (db) => all.durationFactors(db),
  durationsBy: (db) => all.durationsBy(db),
  eachAttempt: (db) => all.eachAttempt(db),
  eachTask: (db) => all.eachTask(db),
  eventCounts: () => all.eventCounts({ event: a }),
  eventSequences: (db) => all.eventSequences(db, "task"),
  eventsOf: () => all.eventsOf("task"),
  findRun: (db) => all.findRun(db, "000"),
  inRun: () => sql`SELECT id FROM span WHERE ${all.inRun("000")}`,
  lines: (db) => all.lines(db, all.eventsOf("task")),
  logVolume: (db) => all.logVolume(db),
  memoryOverTime: (db) => all.memoryOverTime(db),
  nestedSpans: () => all.nestedSpans("task"),
  outlierRuns: (db) => all.outlierRuns(db),
  queueLengths: (db) => all.queueLengths(db),
  relatedTypes: () => all.relatedTypes(),
  resourceOverTime: (db) => all.resourceOverTime(db, { resource: "cpu" }),
  resourceUse: (db) => all.resourceUse(db),
  runTrends: (db) => all.runTrends(db),
  runsOverTime: (db) => all.runsOverTime(db),
  spanLinks: () => all.spanLinks("task", "depends"),
  spanTypes: () => all.spanTypes(),
  spansBetween: () => all.spansBetween({ from: a, to: b }),
  statesOverTime: () => all.statesOverTime("task"),
  steps: () => all.steps("task"),
  story: (db) => all.story(db, { task: 5 }),
  taskDependencies: () => all.taskDependencies(),
  taskGraph: (db) => all.taskGraph(db),
  taskPlaces: all.taskPlaces,
  tasks: (db) => all.tasks(db),
  timesBetween: () => all.timesBetween({ from: a, to: b }),
  utilisation: (db) => all.utilisation(db),
  visitMessages: (db) => all.visitMessages(db, [], () => {}),
  whereIsEveryTask: () => all.whereIsEveryTask(),
  workerActivity: (db) => all.workerActivity(db),
  workerIdleTime: (db) => all.workerIdleTime(db),
  workerStream: (db) => all.workerStream(db),
  workerTime: (db) => all.workerTime(db),
  workerUseOverTime: (db) => all.workerUseOverTime(db),
  answersOfRun: "none",
  bottleneckText: "none",
  componentOf: "none",
  eventName: "none",
  gate: "none",
  managerHosts: "none",
  sequencesInCampaign: "none",
  statesInOrder: "none",
  workerTimeText: "none",
};

const schema = await Deno.readTextFile("sql/schema.sql");
const current = `${schema}; PRAGMA user_version = ${schemaVersion};`;

/** Databases that questions cannot answer, and what they say of them. */
const databases: Record<string, [script: string, says: RegExp]> = {
  empty: [
    "CREATE TABLE a (b); DROP TABLE a",
    /has no tables: nothing was imported into it yet/,
  ],
  birds: ["CREATE TABLE bird (name)", /none of dnpc's tables, but bird: noth/],
  events: [
    `CREATE TABLE event (id, time, title); CREATE TABLE span (id, type, key);
     INSERT INTO event VALUES (1, 5, 'a'); PRAGMA user_version = 12`,
    /has a table "(event|span)" that is not dnpc's: it (is a table|has no column)/,
  ],
  older: [
    `CREATE TABLE subspan (superspan_id, subspan_id, key, rule);
     CREATE TABLE event (id); PRAGMA user_version = 2`,
    /has version 2 of the schema, written by an older dnpc/,
  ],
  newer: [
    `${schema}; PRAGMA user_version = 1000`,
    /has version 1000 of the schema, and this version of dnpc knows \d+: use/,
  ],
  trigger: [
    `${current} CREATE TRIGGER empty AFTER INSERT ON span
     BEGIN DELETE FROM event; END`,
    /has a trigger "empty" on its table "span"/,
  ],
  generated: [
    `${current} ALTER TABLE event_row ADD COLUMN slow AS (hex(zeroblob(4e8)))`,
    /has a generated column "slow" on its table "event_row"/,
  ],
  view: [
    `${current} DROP VIEW event; CREATE VIEW event AS
     WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
     SELECT id, id AS span_id, id AS time, 'a' AS type, 1 AS named FROM n`,
    /has a view "event" that is not dnpc's/,
  ],
  column: [
    `${current} ALTER TABLE event_kind DROP COLUMN place`,
    /table "event_kind" that is not dnpc's: it has no column place/,
  ],
  table: [
    `${current} DROP VIEW metric`,
    /has no metric, which each import creates/,
  ],
};

function make(path: string, script: string): void {
  using db = new DatabaseSync(path);
  db.exec(`PRAGMA synchronous = OFF; ${script}`);
}

function assertRefused(work: () => unknown, says: RegExp, name: string): void {
  counted.inputs++;
  assert.throws(work, (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "DatabaseError", `${name}: ${error.stack}`);
    assert.match(error.message, says, name);
    return true;
  });
  counted.survived++;
}

Deno.test("every question and report() say what is wrong with a database", () =>
  inFolder(async (folder) => {
    assert.deepEqual(Object.keys(all).sort(), Object.keys(questions).sort());
    for (const [kind, [script, says]] of Object.entries(databases)) {
      const path = `${folder}/${kind}.sqlite3`;
      make(path, script);
      for (const engine of ["native", "sqljs"] as const) {
        using db = await openDatabase(path, { engine, readOnly: true });
        for (const [name, question] of Object.entries(questions)) {
          if (question === "none") continue;
          const ask = () => {
            const answer = question(db);
            if ("text" in (answer as object)) db.query(answer as Sql);
          };
          assertRefused(ask, says, `${name} of ${kind}`);
        }
        assertRefused(() => report(db), says, `report of ${kind}`);
        using own = await openDatabase(path, { engine });
        if (kind === "empty" || kind === "birds" || kind === "table") continue;
        assertRefused(() => createSchema(own), says, `import into ${kind}`);
      }
    }
  }));

Deno.test("every command says what is wrong with a database, and exits with 125", () =>
  inPlace(async ({ folder, shell }) => {
    const others = ["gate", "import", "sql"];
    assert.deepEqual(
      commands.map(({ name }) => name).sort(),
      [...Object.keys(askingCommands), ...others].sort(),
    );
    for (const [kind, [script, says]] of Object.entries(databases)) {
      make(`${folder}/${kind}.sqlite3`, script);
      for (const [name, args] of Object.entries(askingCommands)) {
        counted.inputs++;
        const line = `dnpc ${name} ${kind}.sqlite3 ${args}`.trim();
        const { code, stderr, stdout } = await shell(line);
        assert.equal(code, 125, `${line}: ${stderr}`);
        assert.equal(stdout, "", line);
        assert.match(stderr, says, line);
        assert.match(stderr, /^dnpc: \S+\.sqlite3 has /, line);
        counted.survived++;
      }
    }
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.ok(!left.includes("report.html"));
  }));
