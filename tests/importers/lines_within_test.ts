import { importLines, importRuninfo, parslRules } from "dnpc/importers";
import { story } from "dnpc/questions";
import { bind, openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import {
  countLines,
  type Files,
  largerFuncxLogs,
  withFiles,
  writeFiles,
} from "./logs.ts";

const run = "e810cbf3-0876-4a10-bac6-ca41e176d173";
const line = (second: number, message: string) =>
  `17950000${second}.000000 2026-11-18 11:06:${
    second + 20
  } MainProcess-1 MainThread-2 parsl.dataflow.x:1 f INFO: ${message}\n`;
const parslLog = line(20, `Run id is: ${run}`) +
  line(21, "Parsl task 5 try 0 launched on executor htex") +
  line(29, "Task 5 completed (launched -> exec_done)");

// Phases of a container and of an application that never heard of Parsl.
const outputOf = (second: number) =>
  `17950000${second} container starting
17950000${second + 1} container started
17950000${second + 2} step=1 begin
17950000${second + 3} step=1 end
`;
const patterns = {
  time: /^(?<time>\d+) /,
  lines: [
    { match: /^container (?<event>\w+)/, span: "sim.container" },
    { match: /^step=(?<step>\d+) (?<event>\w+)/, span: "sim.step" },
  ],
};

/** Each span inside another, with the attributes that identify it. */
const nesting = `SELECT o.type, i.type, i.attributes ->> 'task',
    i.attributes ->> 'try', i.attributes ->> 'step'
  FROM subspan JOIN span AS o ON o.id = superspan_id
  JOIN span AS i ON i.id = subspan_id
  WHERE i.type LIKE 'bound_log.%' OR i.type LIKE 'sim.%'
  ORDER BY i.type, 3, 4`;

const inTry = [
  ["parsl.rundir.try", "bound_log.in_try", "5", "0", null],
  ["bound_log.in_try", "sim.container", "5", "0", null],
  ["bound_log.in_try", "sim.step", "5", "0", "1"],
];

Deno.test("importLines() binds a log to a try that it never mentions", () =>
  withFiles({ "000/parsl.log": parslLog }, async (db, _, folder) => {
    await writeFiles(folder, { "sim.out": outputOf(22) });
    const within = { run: "000", task: "0005", try: 0 };
    await importLines(db, `${folder}/sim.out`, { ...patterns, within });
    assert.deepEqual(rows(db, nesting), inTry);
    // Later imports and bindings keep it.
    await importRuninfo(db, folder, { timeZone: "UTC" });
    bind(db, parslRules);
    assert.deepEqual(rows(db, nesting), inTry);
    assert.deepEqual(
      story(db, { run, task: "5" }).map(({ event_type }) => event_type),
      ["launched", "starting", "started", "begin", "end", "exec_done"],
    );
  }));

const logs: Files = {
  "000/parsl.log": parslLog,
  "000/sim/05_0/out.txt": outputOf(22),
  "000/sim/06_0/out.txt": outputOf(24),
};

Deno.test("importLines() binds logs to tries by their paths, in any order", () =>
  inFolder(async (folder) => {
    await writeFiles(folder, logs);
    using db = await openDatabase();
    await importLines(db, folder, {
      ...patterns,
      path: /(?<rundir>.*\/000)\/sim\/(?<task>\d+)_(?<try>\d+)\/out\.txt$/,
      within: "path",
    });
    await importRuninfo(db, folder, { timeZone: "UTC" });
    // Nothing else knows of a task 6.
    assert.deepEqual(rows(db, nesting), [
      inTry[0],
      ...["5", "6"].map((task) => [
        "bound_log.in_try",
        "sim.container",
        task,
        "0",
        null,
      ]),
      ...["5", "6"].map((
        task,
      ) => ["bound_log.in_try", "sim.step", task, "0", "1"]),
    ]);
  }));

Deno.test("importLines() makes a log without ids a context of its own", () =>
  inFolder(async (folder) => {
    await writeFiles(folder, { "a.out": outputOf(22), "b.out": outputOf(24) });
    using db = await openDatabase();
    await importLines(db, folder, { ...patterns, within: {} });
    assert.deepEqual(
      rows(
        db,
        `SELECT o.attributes ->> 'file', i.type,
           count(*) OVER (PARTITION BY i.id) FROM subspan
         JOIN span AS o ON o.id = superspan_id
         JOIN span AS i ON i.id = subspan_id ORDER BY 1, 2`,
      ),
      ["a.out", "b.out"].flatMap((file) =>
        ["sim.container", "sim.step"].map((type) => [
          `${Deno.realPathSync(folder)}/${file}`,
          type,
          1,
        ])
      ),
    );
  }));

// As grep -c counts the lines without a time, and those of these levels.
Deno.test({
  name: "importLines() keeps warnings and continued lines, with within",
  ignore: largerFuncxLogs.ignore,
  fn: async () => {
    using db = await openDatabase();
    const { sources } = await importLines(db, largerFuncxLogs.path, {
      path: /(?:endpoint|manager|worker_\d+)\.log$/,
      time: /^(?<time>[\d.]+) \S+ \S+ (?<level>[A-Z]+) .*?:\d+ \S+ /,
      lines: [{ span: "funcx.task", match: /Received task: (?<task>\S+)/ }],
      within: {},
    });
    const count = (pattern: RegExp) =>
      sources.reduce((sum, { path }) => sum + countLines(path, pattern), 0);
    assert.deepEqual(
      rows(
        db,
        `SELECT count(*) FILTER (WHERE level IN ('WARNING', 'ERROR')),
           sum(1 + length(attributes ->> 'more')
             - length(replace(attributes ->> 'more', char(10), '')))
         FROM event JOIN origin ON origin.id = origin_id`,
      ),
      [[count(/^\S+ \S+ \S+ (WARNING|ERROR) /), count(/^(?!\d{10}\.\d+ )./)]],
    );
  },
});

Deno.test("importLines() refuses a try without its task, and a path without a run", async () => {
  using db = await openDatabase();
  await assert.rejects(
    importLines(db, ".", { ...patterns, within: { run: "000", try: 0 } }),
    /a try without its task/,
  );
  await assert.rejects(
    importLines(db, ".", { ...patterns, path: /(?<task>\d+)/, within: "path" }),
    /path needs a group named "run" or "rundir"/,
  );
  const path = /(?<run>\d+)\/try(?<try>\d)/;
  await assert.rejects(
    importLines(db, ".", { ...patterns, path, within: "path" }),
    /path needs a group named "task" beside "try"/,
  );
});
