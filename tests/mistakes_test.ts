// Over 300 lines: a table of what people who know pandas type, and of the errors.
// deno-lint-ignore-file no-explicit-any

import { strict as assert } from "node:assert";
import * as importers from "dnpc/importers";
import * as plots from "dnpc/plots";
import * as questions from "dnpc/questions";
import { createSchema, openDatabase, sql } from "dnpc/sql";

const db = await openDatabase();
await importers.importRuninfo(db, "tests/fixtures/tz/runinfo", {
  timeZone: "UTC",
});

const q: any = questions;
const p: any = plots;
const launched = "parsl.rundir.try/launched";
const done = "parsl.rundir.try/exec_done";
const rows = [{ task: "a", start: 1, end: 2 }, { task: "b", start: 2, end: 4 }];
const states = questions.statesOverTime("parsl.rundir.try");

/** A call, and parts of its error. */
const mistakes: Record<string, [() => unknown, ...string[]]> = {
  // Options
  "a mistyped option of a chart": [
    () => p.twoEvents(rows, { titel: "x" }),
    'twoEvents() has no option "titel". Did you mean title?',
  ],
  "British spelling": [
    () => p.runningSpans(rows, { colour: {} }),
    '"colour". Did you mean color?',
  ],
  "an option in the wrong case": [
    () => q.failures(db, { Run: "000" }),
    '"Run". Did you mean run?',
  ],
  "a mistyped option of a question": [
    () => q.timesBetween({ form: launched, to: done }),
    'no option "form". Did you mean from? Its options are from, to,',
  ],
  "a missing option": [
    () => q.timesBetween({ from: launched }),
    "the option to is missing",
    '{ to: "parsl.rundir.try/launched" }',
  ],
  "a text in place of options": [
    () => q.eventCounts("a/b"),
    'write eventCounts({ event: "a/b" }), not the text "a/b"',
  ],
  "a run in place of options": [
    () => q.failures(db, "000"),
    'write failures({ run: "000" })',
  ],
  // The database
  "no database": [
    () => q.failures(),
    "failures() takes the database first, failures(db, ...), not undefined",
  ],
  "options in place of the database": [
    () => q.runs({ run: "000" }),
    "takes the database first",
    "an object with run",
  ],
  "a database that was not awaited": [
    () => q.failures(openDatabase()),
    "write const db = await openDatabase()",
  ],
  "a method of a database that was not awaited": [
    () => (openDatabase() as any).query("SELECT 1"),
    "not open yet: write const db = await openDatabase()",
  ],
  "a database in front of a query's options": [
    () => q.eventCounts(db, { event: done }),
    "eventCounts() makes a query and takes no database",
    "db.query(eventCounts(...))",
  ],
  "a database in front of a span type": [
    () => q.statesOverTime(db, "parsl.try"),
    'write db.query(statesOverTime("parsl.rundir.task"))',
  ],
  // Names that do not exist
  "an unknown type of span": [
    () => db.query(q.statesOverTime("parsl.try")),
    'no type of span "parsl.try". Did you mean parsl.rundir.try?',
    "There are parsl.rundir.try, parsl.executor, parsl.executor.block,",
  ],
  "an unknown event": [
    () => db.query(q.eventCounts({ event: "parsl.rundir.try/done" })),
    '"parsl.rundir.try" has no event "done". Did you mean exec_done?',
    "fail_retryable, failed",
  ],
  "an event of another type of span": [
    () => db.query(q.eventCounts({ event: "parsl.rundir.task/launched" })),
    'has no event "launched", but',
    "parsl.rundir.try",
  ],
  "an event without its type of span": [
    () => q.timesBetween({ from: "launched", to: done }),
    '"type/event", not "launched"',
  ],
  "an unknown attribute": [
    () => db.query(q.eventCounts({ event: done, by: "exectuor" })),
    'no attribute "exectuor". Did you mean executor?',
  ],
  "an unknown component": [
    () =>
      db.query(
        q.eventsOf("parsl.rundir.task", { components: ["parsl.rundri"] }),
      ),
    'no component "parsl.rundri". Did you mean parsl.rundir?',
  ],
  "an unknown run": [
    () => db.query(q.timesBetween({ from: launched, to: done, run: "007" })),
    'there is no run "007". Did you mean 000? The run is 000',
  ],
  "an unknown run of a question": [
    () => q.coverage(db, { run: "7" }),
    'there is no run "7". The run is 000',
  ],
  "an unknown executor": [
    () => q.attempts(db, { executor: "htex" }),
    'no executor "htex". Did you mean htex_Local?',
  ],
  "an unknown task": [
    () => q.criticalPath(db, { task: 999 }),
    'no task "999": there are 62 tasks, from 0 to 61',
  ],
  // Rows
  "a query in place of rows": [
    () => p.spansInState(states),
    "a query that has not run: write db.query(...) around it",
  ],
  "a question that was not called": [
    () => p.spansInState(questions.statesOverTime),
    "the function statesOverTime: call it, statesOverTime(...)",
  ],
  "a promise in place of rows": [
    () => p.timeline(importers.importRuninfo(db, "tests/fixtures/tz/runinfo")),
    "a promise: write await before the call",
  ],
  "a database in place of rows": [
    () => p.twoEvents(db),
    "a chart takes rows",
    "this is a database",
  ],
  "a single row": [
    () => p.twoEvents(rows[0]),
    "an object with task, start, end: put a single row into a list, [row]",
  ],
  "a list of numbers": [
    () => p.twoEvents([1, 2]),
    "row 0 must be an object or an array; it is the number 1",
  ],
  "a column that does not exist": [
    () => p.twoEvents(rows, { start: "strat" }),
    'no column "strat". Did you mean start? They have task, start, end',
  ],
  "a first column without times": [
    () => p.twoEvents([{ task: "a", began: 1, ended: 2 }]),
    'no row has a time in the column "task", which was taken for start',
    'a value is "a". Name the column to take, { start: "..." }',
  ],
  "a named column without times": [
    () => p.eventRate(rows, { time: "task" }),
    'in the column "task", which was taken for time; a value is "a"',
  ],
  "a second column without times": [
    () => p.runningSpans([{ start: 1, state: "x" }, { start: 2, state: "y" }]),
    'in the column "state", which was taken for end; a value is "x"',
  ],
  "a column without numbers": [
    () => p.metricSeries([{ time: 1, value: "high" }]),
    'no row has a number in the column "value", which was taken for value; ' +
    'a value is "high"',
  ],
  "too few columns beside the series": [
    () => p.twoEvents([{ app: "x", start: 1 }], { series: "app" }),
    'no column left for end: name one, { end: "..." }. They have app, start',
  ],
  // SQL
  "an unknown table": [
    () => db.query("SELECT * FROM task"),
    "no such table: task. Did you mean monitoring_task?",
  ],
  "an unknown column": [
    () => db.query("SELECT tpye FROM span"),
    "no such column: tpye. Did you mean type? The table span has id, type, key",
  ],
  "an attribute as a column": [
    () => db.query("SELECT app FROM span"),
    "Spans have it as an attribute: write span.attributes ->> 'app'",
  ],
  "a function of pandas": [
    () => db.query("SELECT mean(time) FROM event"),
    "no such function: mean. SQL has avg(x)",
  ],
  "an unknown function": [
    () => db.query("SELECT percentil(time, 5) FROM event"),
    "Did you mean percentile?",
  ],
  "sql as a function": [
    () => (sql as any)("SELECT 1"),
    "sql is a tag, to be written before the text: sql`SELECT ...`",
  ],
  "a question in place of SQL": [
    () => db.query(questions.spanTypes as any),
    "not the function spanTypes: call it, spanTypes(...)",
  ],
  "the text of a query in a plain string": [
    () => db.query(`SELECT * FROM (${states.text})`),
    "A query of the sql tag goes into another one by the tag",
  ],
  "the text of a query with values in a plain string": [
    () => db.query(`SELECT * FROM (${sql`SELECT ${1}, ${2}`.text})`),
    "2 parameters, and 0 values were given. A query of the sql tag goes into",
  ],
  "a query as a value": [
    () => db.query("SELECT ?", [states as any]),
    "a query (put it into the text, sql`SELECT ... FROM (${query})`)",
  ],
};

for (const [name, [call, ...parts]] of Object.entries(mistakes)) {
  Deno.test(`an error says what to write instead of ${name}`, () => {
    assert.throws(call, (error: Error) => {
      for (const part of parts) {
        assert.ok(error.message.includes(part), error.message);
      }
      return true;
    });
  });
}

const ofImports: [() => Promise<unknown>, string][] = [
  [
    () => (importers.importRuninfo as any)("runinfo"),
    'const db = await openDatabase(); await importRuninfo(db, "runinfo")',
  ],
  [
    () => (importers.importRuninfo as any)("runinfo", db),
    'const db = await openDatabase(); await importRuninfo(db, "runinfo")',
  ],
  [
    () => (importers.importRuninfo as any)(openDatabase(), "runinfo"),
    "write const db = await openDatabase()",
  ],
  [
    () => (importers.importRuninfo as any)(db, "x", { timezone: "UTC" }),
    'no option "timezone". Did you mean timeZone?',
  ],
  [
    () => (openDatabase as any)(undefined, { readonly: true }),
    'no option "readonly". Did you mean readOnly?',
  ],
];

Deno.test("errors of imports say what to write instead", async () => {
  for (const [call, part] of ofImports) {
    await assert.rejects(call, (error: Error) => {
      assert.ok(error.message.includes(part), error.message);
      return true;
    });
  }
});

Deno.test("SQL with a query in a plain string gives the rows of the query", () => {
  assert.deepEqual(
    db.query(`SELECT * FROM (${states}) ORDER BY root_id, time, state`).length,
    db.query(states).length,
  );
});

// Functions without options, each checked by hand.
const withoutOptions = new Set(
  ("answersOfRun bottleneckText componentOf criticalPathText eventName findRun inRun " +
    "relatedTypes spanLinks spanTypes statesInOrder storyText " +
    "taskPlaces visitMessages workerTimeText colorsFor graphMarks lineColorsFor statisticsOf")
    .split(" "),
);
// The arguments before the options, unless they are rows.
const before: Record<string, unknown[]> = {
  compareSpans: [db, { a: "parsl.rundir.try", b: "parsl.rundir.task" }],
  dependencyGraph: [{ nodes: [], edges: [] }],
  eventSequences: [db, "parsl.rundir.try"],
  eventsOf: ["parsl.rundir.try"],
  gate: [db, db],
  layoutGraph: [{ nodes: [], edges: [] }],
  lines: [db, []],
  nestedSpans: ["parsl.rundir.try"],
  sequencesInCampaign: [db, "parsl.rundir.try"],
  plot: [],
  steps: ["parsl.rundir.try"],
  statesOverTime: ["parsl.rundir.try"],
  story: [db, { task: 1 }],
  thinLine: [[], []],
  ...Object.fromEntries(
    "eventCounts spansBetween taskDependencies timesBetween whereIsEveryTask"
      .split(" ").map((name) => [name, []]),
  ),
};

for (const [room, members] of Object.entries({ questions, plots })) {
  for (const [name, member] of Object.entries(members)) {
    if (typeof member !== "function" || withoutOptions.has(name)) continue;
    Deno.test(`${name}() refuses an unknown option`, async () => {
      const first = before[name] ?? [room === "questions" ? db : []];
      await assert.rejects(
        async () => await (member as any)(...first, { titel: 1 }),
        (error: Error) => {
          assert.equal(error.name, "TypeError");
          assert.match(error.message, /\(\) has no option "titel"/);
          return true;
        },
      );
    });
  }
}

Deno.test("names that formats know, and these logs do not, are no mistakes", () => {
  const query = questions.timesBetween({
    from: "workqueue.task/WAITING",
    to: "workqueue.task/DONE",
  });
  assert.deepEqual([...db.query(query)], []);
});

Deno.test("a question refuses nothing in a database without spans", async () => {
  using empty = await openDatabase();
  createSchema(empty);
  assert.deepEqual([...empty.query(questions.statesOverTime("a.task"))], []);
});

const twelve = Array.from({ length: 36 }, (_, i) => ({
  app: `app ${i % 12}`,
  launched: 1795344042 + i,
  running: 1795344043 + 2 * i,
}));

Deno.test("columns of facets and series are not taken for times", () => {
  const { caption } = plots.twoEvents(twelve, { series: "app" });
  assert.match(caption, /^36 spans/);
  const { options } = plots.durationHistogram(twelve, { facet: "app" });
  assert.equal(options.panels?.length, 12);
  for (const { note } of options.panels!) assert.match(note!, /^3 spans/);
});

Deno.test("a facet without a usable value is left out, unless all are such", () => {
  const mixed = [
    { kind: "a", start: 1, end: 2 },
    { kind: "b", start: "soon", end: "later" },
  ];
  const { options, caption } = plots.runningSpans(mixed, { facet: "kind" });
  assert.equal(options.panels?.length, 1);
  assert.match(caption, /1 facet without a value that can be drawn/);
  assert.throws(
    () => plots.runningSpans(mixed.slice(1), { facet: "kind" }),
    /taken for start; a value is "soon"/,
  );
});

Deno.test("a question says that an import was not awaited", async () => {
  using db = await openDatabase();
  const report = importers.importRuninfo(db, "tests/fixtures/tz/runinfo/000");
  assert.throws(
    () => questions.failures(db),
    /failures\(\) was asked while an import into the database was running: write await/,
  );
  await report;
  assert.equal(questions.failures(db).length > 0, true);
});
