import { strict as assert } from "node:assert";
import { attempts, workerStream } from "dnpc/questions";
import { onLogs } from "../importers/logs.ts";
import { sets } from "./workers_by_hand/by_hand.ts";

onLogs(
  "workerStream() has the attempts, and waiting from when a manager had the task",
  sets.filter(({ name }) => name === "htex-blocks" || name === "multi-htex"),
  (db) => {
    const rows = workerStream(db);
    const tasks = rows.filter(({ state }) => state === "task");
    assert.equal(tasks.length, attempts(db).length);
    // When the interchange sent each executor task to a manager.
    const sent = new Map(
      db.query<{ run: string; task: string; time: number }>(`
        SELECT substr(span.attributes ->> 'rundir', -3) AS run,
          span.attributes ->> 'executor_task' AS task, min(time) AS time
        FROM event JOIN span ON span.id = span_id
        WHERE span.type = 'parsl.executor.htex.interchange.task'
          AND event.type = 'interchange_to_manager'
        GROUP BY span.id`).map(({ run, task, time }) => [
        `${run}/${task}`,
        time,
      ]),
    );
    const waiting = rows.filter(({ state }) => state === "waiting");
    assert.ok(waiting.length > tasks.length / 2);
    let first = 0;
    for (const { run, worker, manager, executor_task, start, end } of waiting) {
      const held = sent.get(`${run}/${executor_task}`)!;
      const own = tasks.filter((row) =>
        row.run === run && row.worker === worker && row.manager === manager
      );
      const before = own.filter((row) => row.start < end).at(-1);
      assert.ok(own.some((row) => row.start === end));
      assert.equal(start, Math.max(held, before?.end ?? -Infinity));
      if (!before) first++;
    }
    // Nearly each worker waited before its first task.
    assert.ok(first >= 4);
  },
);

onLogs(
  "workerStream() has the libraries of TaskVine and the files of its workers",
  sets.filter(({ name }) => name === "lnni"),
  (db) => {
    const by = Map.groupBy(workerStream(db), ({ state }) => state);
    // grep -c "RUNNING .*" of tasks in the README; 366 libraries in it, too.
    assert.equal(by.get("library")!.length, 366);
    assert.equal(by.get("task")!.length, 324);
    assert.ok(by.get("transfer")!.every(({ start, end }) => start < end));
    assert.equal(by.has("waiting"), false);
  },
);
