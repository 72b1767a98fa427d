import { strict as assert } from "node:assert";
import { bottleneck, workerTime } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans } from "../sql/spans.ts";

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
        [bottleneck(db), "bound by submission for 100 %"],
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
