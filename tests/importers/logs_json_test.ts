import { strict as assert } from "node:assert";
import { importRuninfo, type SourceReport } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { makeDatabase, smallest } from "./databases.ts";
import { filesNamed, larger, onLogs } from "./logs.ts";

// Lines of real runs, without unused members that both dialects share.
const current = [
  {
    created: 1795346742.1010,
    formatted: "Task 1 submitted for App left, waiting on task 0",
  },
  {
    created: 1795346747.1148,
    formatted: "Task 1 changing state from pending to launched",
    "parsl.task": 1,
  },
  {
    created: 1795346747.1402,
    formatted: "Parsl task 1 try 0 launched on executor htex_Local with " +
      "executor id 74",
  },
];

const prototype = [
  {
    created: "1795344705.9032",
    formatted: "Task 1: submitted for App app, not waiting on any dependency",
    parsl_task_id: "1",
  },
  {
    created: "1795344705.9253",
    formatted: "Task 1: changing state from pending to launched",
  },
  {
    created: "1795344705.9257",
    formatted: "Task 1: try 0 launched on executor htex_Local with executor " +
      "id 74",
    parsl_executor_id: "74",
  },
];

const interchange = [
  {
    created: "1795344705.9245",
    formatted: "HTEX task 74: putting onto pending_task_queue",
  },
  {
    created: "1795344705.9246",
    formatted: "HTEX task 74: put onto pending_task_queue",
  },
  {
    created: "1795344712.2656",
    formatted: "HTEX task 74: Manager b'a974b52088c9': Removing task from " +
      "manager",
  },
];

const lines = (records: readonly object[]) =>
  records.map((record) =>
    `${JSON.stringify({ process: 1, levelname: "INFO", ...record })}\n`
  ).join("");

async function inRun(
  work: (run: string, db: Database) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/000/htex_Local`, { recursive: true });
    using db = await openDatabase();
    await work(`${folder}/000`, db);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const named = (db: Database, type: string) =>
  db.query<{ time: number; type: string }>(
    `SELECT event.time, event.type FROM span
     JOIN event ON event.span_id = span.id
     WHERE span.type = ? ORDER BY event.time, event.id`,
    [type],
  ).map(({ time, type }) => [time, type]);

for (const [dialect, records] of Object.entries({ current, prototype })) {
  Deno.test(`importRuninfo() reads the JSON log of ${dialect} Parsl`, () =>
    inRun(async (run, db) => {
      await Deno.writeTextFile(`${run}/parsl.jsonlog`, lines(records));
      const { sources } = await importRuninfo(db, run);
      assert.equal(sources[0]!.importer, "parsl.jsonlog");
      assert.equal(sources[0]!.malformed, 0);
      assert.deepEqual(named(db, "parsl.rundir.task"), [
        [Number(records[0]!.created), "submitted"],
      ]);
      assert.deepEqual(named(db, "parsl.rundir.try")[0], [
        Number(records[1]!.created),
        "launched",
      ]);
      const [tried] = db.query<Record<string, unknown>>(
        `SELECT attributes ->> 'executor' AS executor,
                attributes ->> 'executor_task' AS task
         FROM span WHERE type = 'parsl.rundir.try'`,
      );
      assert.deepEqual({ ...tried }, { executor: "htex_Local", task: "74" });
    }));
}

Deno.test("importRuninfo() binds tries to the executor tasks in a JSON log", () =>
  inRun(async (run, db) => {
    await Deno.writeTextFile(`${run}/parsl.jsonlog`, lines(prototype));
    await Deno.writeTextFile(
      `${run}/htex_Local/interchange.jsonlog`,
      lines(interchange),
    );
    await importRuninfo(db, run);
    assert.deepEqual(
      named(db, "parsl.executor.htex.interchange.task")
        .filter(([, type]) => String(type).startsWith("interchange_")),
      [
        [1795344705.9246, "interchange_queued"],
        [1795344712.2656, "interchange_removing_task"],
      ],
    );
    assert.deepEqual(
      db.query<{ type: string }>(
        `SELECT whole.type FROM subspan
         JOIN span AS whole ON whole.id = subspan.superspan_id
         JOIN span AS part ON part.id = subspan.subspan_id
         WHERE part.type = 'parsl.executor.htex.interchange.task'`,
      ).map(({ type }) => type).toSorted(),
      ["parsl.rundir.try"],
    );
  }));

Deno.test("importRuninfo() counts malformed lines of a JSON log", () =>
  inRun(async (run, db) => {
    const [first, second, third] = prototype;
    await Deno.writeTextFile(
      `${run}/parsl.jsonlog`,
      lines([first!]) + '{"created": 17953\n' + '{"formatted": "x"}\n' +
        lines([{ ...first, created: null }, { ...second, created: "" }]) +
        "Traceback\n\n[1]\n" + lines([third!]) + '{"created": "1795',
    );
    const { sources: [source] } = await importRuninfo(db, run);
    assert.deepEqual(
      source!.malformedLines,
      [2, 3, 4, 5, 6, 8],
    );
    assert.equal(
      db.query("SELECT 1 FROM span WHERE type = 'parsl.rundir.try'").length,
      1,
    );
  }));

Deno.test("importRuninfo() reads a monitoring.db by the clock of the run's JSON log", () =>
  inRun(async (run, db) => {
    // The log of a run in Berlin in November, in this order.
    const id = "08bae85a-c521-49d4-b322-34720efd52a3";
    await Deno.writeTextFile(
      `${run}/parsl.jsonlog`,
      lines([
        { created: 1795447441.1, formatted: `Run id is: ${id}` },
        {
          created: 1795447441.2,
          formatted: "Workflow startup information",
          "parsl.workflow_info.time_began": "2026-11-23 16:24:01.150000",
        },
      ]),
    );
    makeDatabase(
      `${run}/monitoring.db`,
      smallest(`UPDATE workflow SET run_id = '${id}',
        time_began = '2026-11-23 16:24:01.150000'`),
    );
    const { sources } = await importRuninfo(db, run);
    const again = await importRuninfo(db, run);
    assert.ok(again.sources.every(({ outcome }) => outcome === "unchanged"));
    const [{ clock }] = sources.filter(({ importer }) =>
      importer === "monitoring.db"
    ) as [SourceReport];
    assert.equal(clock, "UTC+01:00, as parsl.jsonlog shows");
    const [began] = db.query<{ time: number }>(
      `SELECT event.time FROM event JOIN source ON source.id = event.source_id
       WHERE importer = 'monitoring.db'`,
    );
    assert.equal(began!.time, 1795447441.15);
  }));

const messagesOf = (path: string): string[] =>
  Deno.readTextFileSync(path).trimEnd().split("\n")
    .map((line) => JSON.parse(line).formatted.split("\n")[0]);

onLogs(
  "importRuninfo() has the states and tasks of JSON logs",
  [larger("obs-wf"), larger("head-json")],
  (db, { path }) => {
    const expected = new Map<string, number>();
    const count = (name: string) =>
      expected.set(name, (expected.get(name) ?? 0) + 1);
    for (const file of filesNamed(path, /^parsl\.jsonlog$/)) {
      for (const message of messagesOf(file)) {
        const words = message.split(" ");
        if (
          message.includes("changing state from ") ||
          message.includes("initializing state to ")
        ) {
          count(`parsl.rundir.try ${words.at(-1)}`);
        }
      }
    }
    for (const file of filesNamed(path, /^interchange\.jsonlog$/)) {
      for (const message of messagesOf(file)) {
        if (/\bput(?: task \d+)? onto pending/i.test(message)) {
          count("parsl.executor.htex.interchange.task interchange_queued");
        } else if (message.includes("Removing task")) {
          count(
            "parsl.executor.htex.interchange.task interchange_removing_task",
          );
        }
      }
    }
    for (const [name, events] of expected) {
      const [type, event] = name.split(" ");
      assert.equal(
        named(db, type!).filter(([, type]) => type === event).length,
        events,
        name,
      );
    }
    assert.ok(expected.size >= 8);
  },
);

onLogs(
  "importRuninfo() binds every try of JSON logs to a worker's task",
  [larger("obs-wf"), larger("head-json")],
  (db, _set, report) => {
    // The logs have 206 launches; workers completed 200 tasks.
    assert.equal(
      db.query(
        `SELECT DISTINCT subspan.superspan_id FROM subspan
         JOIN span AS whole ON whole.id = subspan.superspan_id
         JOIN span AS part ON part.id = subspan.subspan_id
         WHERE whole.type = 'parsl.rundir.try'
           AND part.type = 'parsl.executor.htex.worker.task'`,
      ).length,
      200,
    );
    for (const { importer, malformed } of report.sources) {
      if (importer.endsWith("jsonlog")) assert.equal(malformed, 0);
    }
  },
);
