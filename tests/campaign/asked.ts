import * as questions from "dnpc/questions";
import type { Campaign } from "dnpc/campaign";
import type { SequenceStep } from "dnpc/questions";
import { type Database, type Row, type Sql, sql } from "dnpc/sql";
import assert from "node:assert/strict";

export const launched = "parsl.rundir.try/launched";
export const done = "parsl.rundir.try/exec_done";
export const task = "parsl.rundir.task";
const worker = "parsl.executor.htex.worker.task";

/** Those whose rows have no order, or that of spans, which differs. */
const unordered = /^nestedSpans|^relatedTypes/;

/** Questions that are queries. */
export const asked: Record<string, Sql> = {
  "eventsOf tasks": questions.eventsOf(task),
  "eventsOf named events of a run": questions.eventsOf(task, {
    events: "named",
    run: "001",
  }),
  "eventsOf workers, which step has not": questions.eventsOf(
    "parsl.executor.htex.worker",
  ),
  "eventsOf some tries": questions.eventsOf(sql`SELECT id FROM span
    WHERE type = 'parsl.rundir.try' AND attributes ->> 'try' = '0'`),
  steps: questions.steps(task),
  "steps of some events": questions.steps("parsl.rundir.try", {
    eventTypes: ["launched", "exec_done"],
    run: "000",
  }),
  nestedSpans: questions.nestedSpans(task),
  "nestedSpans of a run": questions.nestedSpans("parsl.rundir.workflow", {
    run: "000",
  }),
  timesBetween: questions.timesBetween({ from: launched, to: done }),
  "timesBetween, each, of tasks": questions.timesBetween({
    from: launched,
    to: done,
    root: task,
    which: "each",
    run: "001",
  }),
  "timesBetween by app and host": questions.timesBetween({
    from: launched,
    to: `${worker}/worker_received_task`,
    by: ["app", "host", "run"],
  }),
  "timesBetween until last known": questions.timesBetween({
    from: launched,
    to: `${worker}/worker_completed_task`,
    unfinished: "until last known",
  }),
  "timesBetween of workers' tasks": questions.timesBetween({
    from: `${worker}/worker_received_task`,
    to: `${worker}/worker_completed_task`,
  }),
  spansBetween: questions.spansBetween({ from: launched, to: done }),
  "spansBetween by executor": questions.spansBetween({
    from: launched,
    to: done,
    by: "executor",
    run: "000",
  }),
  eventCounts: questions.eventCounts({ event: done }),
  "eventCounts per second": questions.eventCounts({
    event: done,
    per: 1,
    by: ["run", "executor"],
  }),
  statesOverTime: questions.statesOverTime("parsl.rundir.try"),
  "statesOverTime of monitoring": questions.statesOverTime(
    "parsl.monitoring.try",
    { run: "000" },
  ),
  "statesOverTime in an order": questions.statesOverTime(task, {
    order: ["launched", "exec_done"],
  }),
  "statesOverTime by cores": questions.statesOverTime("parsl.monitoring.try", {
    weight: "psutil_process_memory_resident",
  }),
  whereIsEveryTask: questions.whereIsEveryTask(),
  "whereIsEveryTask in a run": questions.whereIsEveryTask({ run: "001" }),
  spanTypes: questions.spanTypes(),
  "spanTypes of a run": questions.spanTypes({ run: "000" }),
  relatedTypes: questions.relatedTypes(),
  taskDependencies: questions.taskDependencies(),
  spanLinks: questions.spanLinks(task, "depends"),
};

/** Asks a campaign and a database of the same runs, and compares the rows. */
export async function assertAnswers(
  t: Deno.TestContext,
  campaign: Campaign,
  db: Database,
  isAsked: (name: string) => boolean,
): Promise<void> {
  const text = "SELECT id, type || ' ' || key AS name FROM span";
  const names = (rows: readonly Row[]) =>
    new Map(rows.map(({ id, name }) => [id, name]));
  const inDatabase = names(db.query(text));
  const inCampaign = names(await campaign.query(text));
  assert.equal(inCampaign.size, inDatabase.size);
  for (const [name, question] of Object.entries(asked)) {
    if (!isAsked(name)) continue;
    await t.step(name, async () => {
      const expected = db.query(question);
      const found = await campaign.query(question);
      assert.ok(expected.length > 0);
      assert.deepEqual(Object.keys(found[0]!), Object.keys(expected[0]!));
      const both = [plain(found, inCampaign), plain(expected, inDatabase)];
      if (unordered.test(name)) {
        const [a, b] = both.map((rows) =>
          rows.map((row) => JSON.stringify(row)).sort()
        );
        assert.deepEqual(a, b);
      } else {
        const [a, b] = both.map(inOrderOfRuns);
        assertSame(a!, b!);
      }
    });
  }
}

/** Rows with the names of their spans, without ids of events. */
function plain(rows: readonly Row[], names: Map<unknown, unknown>): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => name !== "event_id").map((
        [name, value],
      ) => [
        name,
        /^(root|span|task|listed|depends_on)_id$/.test(name) && value !== null
          ? names.get(value) as string
          : value,
      ]),
    )
  );
}

/** Which of two runs has the lower ids differs. */
const inOrderOfRuns = (rows: readonly Row[]): Row[] => {
  const key = (row: Row) => `${row.run}`;
  return rows.toSorted((a, b) => key(a) < key(b) ? -1 : +(key(a) > key(b)));
};

/** Numbers are equal to 1e-9. */
export function assertSame(
  found: readonly Row[],
  expected: readonly Row[],
): void {
  assert.equal(found.length, expected.length);
  for (const [i, row] of expected.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const other = found[i]![name];
      const isSame = typeof value === "number" && typeof other === "number"
        ? Math.abs(value - other) <= 1e-9 * Math.max(1, Math.abs(value))
        : value === other;
      assert.ok(isSame, `row ${i}: ${name} is ${other}, not ${value}`);
    }
  }
}

/** Rows of sequences are the same. Of equally slow spans either may be named. */
export function assertSequences(
  found: readonly SequenceStep[],
  expected: readonly SequenceStep[],
): void {
  assert.ok(expected.length > 4);
  assert.deepEqual(Object.keys(found[0]!), Object.keys(expected[0]!));
  const [a, b] = [found, expected].map((rows) =>
    rows.map(({ longest_id: _, ...row }) => row as unknown as Row)
  );
  assertSame(a!, b!);
}
