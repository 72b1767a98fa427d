import { strict as assert } from "node:assert";
import { bottleneck, criticalPath, workerTime } from "dnpc/questions";
import { optionsOf } from "../../display/text/rows.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans, type TestSpan } from "../sql/spans.ts";

onDatabase(
  "tables of bottleneck() and workerTime() begin with words",
  (db) => {
    const rundir = "/<b>";
    const executor = "a";
    addKnownSpans(db, [
      {
        type: "taskvine.task",
        attributes: { rundir, executor, taskvine_task: "1" },
        events: [[0, "READY"], [0, "RUNNING"], [60, "WAITING_RETRIEVAL"]],
      },
      {
        type: "taskvine.worker",
        attributes: { rundir, executor, worker: "w" },
        events: [[0, "CONNECTION"], [100, "DISCONNECTION"]],
      },
    ]);
    const display = Symbol.for("Jupyter.display") as unknown as keyof object;
    for (
      const [rows, words] of [
        [bottleneck(db), "bound by submission for 100%"],
        [workerTime(db), "1 worker was there for 100 s in total"],
      ] as const
    ) {
      const shown =
        (rows[display] as unknown as () => Record<string, string>)();
      assert.match(
        shown["text/html"]!,
        new RegExp(`^<p>Run .*&lt;b&gt;: ${words}`),
      );
      assert.match(shown["text/plain"]!, new RegExp(`^Run .*<b>: ${words}`));
    }
  },
);

onDatabase(
  "the table of criticalPath() begins with its tasks and times",
  (db) => {
    const task = (
      number: string,
      submitted: number,
      launched: number,
      ended: number,
      depends: string[] = [],
    ): TestSpan[] => [
      {
        type: "parsl.rundir.task",
        attributes: { run: "r", task: number, app: "app", depends },
        events: [[submitted, "submitted"]],
      },
      {
        type: "parsl.rundir.try",
        attributes: { run: "r", task: number, try: "0", executor: "e" },
        events: [[launched, "launched"], [ended, "exec_done"]],
      },
    ];
    addKnownSpans(db, [
      ...task("0", 1, 2, 10),
      ...task("1", 1, 2, 7),
      ...task("2", 3, 11, 30, ["0", "1"]),
    ]);
    db.exec("UPDATE span SET key = 'r/' || (attributes ->> 'task')");
    // From 1 to 30: launching 1 + 1, running 8 + 19.
    assert.equal(
      optionsOf(criticalPath(db))!.heading,
      "Run r: task 2 ended 29 s after the start; its critical path is 2 tasks: 0 " +
        "(app) → 2 (app). They were 27 s (93%) on workers and 2 s (7%) before " +
        "launch.",
    );
    assert.equal(
      optionsOf(criticalPath(db, { task: "1" }))!.heading,
      "Run r: task 1 (app) ended 6 s after the start; it waited for no other. It " +
        "was 5 s (83%) on workers and 1 s (17%) before launch.",
    );
  },
);
