import { lines } from "dnpc/questions";
import { sql } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

const line = (message: string) =>
  `1795344042.000000 2026-11-22 10:40:42 MainProcess-1 MainThread-2 parsl.dataflow.dflow:1 f INFO: ${message}\n`;

Deno.test("importRuninfo() binds the output of bash apps to their tasks", () =>
  withFiles({
    "000/parsl.log":
      line("Task 5 submitted for App sim, not waiting on any dependency") +
      line("Task 12345 submitted for App sim, not waiting on any dependency") +
      line(
        "Standard out for task 5 will be redirected to /x/000/task_logs/0000/task_0005_sim.stdout",
      ) +
      line("Standard error for task 5 will not be redirected.") +
      line(
        "Standard error for task 12345 will be redirected to e 1 with mode a+",
      ),
    "000/task_logs/0000/task_0005_sim.stdout": "one\ntwo\nthree\n",
    "000/task_logs/0001/task_12345_sim_label.stderr": "no newline",
    // Equal content is no copy.
    "001/task_logs/0000/task_0000_sim.stdout": "one\ntwo\nthree\n",
    "001/task_logs/0000/task_0001_sim.stdout": "one\ntwo\nthree\n",
  }, (db) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT span.attributes ->> 'task', event.type,
           event.attributes ->> 'bytes', event.attributes ->> 'lines', time
         FROM event JOIN span ON span.id = span_id
         JOIN source ON source.id = event.source_id
         WHERE importer = 'task_logs' ORDER BY path`,
      ),
      [
        ["5", "stdout", 14, 3, null],
        ["12345", "stderr", 10, 1, null],
        ["0", "stdout", 14, 3, null],
        ["1", "stdout", 14, 3, null],
      ],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'task', attributes ->> 'app',
           attributes ->> 'stdout', attributes ->> 'stderr'
         FROM span WHERE type = 'parsl.rundir.task'
           AND attributes ->> 'rundir' LIKE '%/000'
         ORDER BY length(key), key`,
      ),
      [
        ["5", "sim", "/x/000/task_logs/0000/task_0005_sim.stdout", null],
        ["12345", "sim", null, "e 1"],
      ],
    );
    // The last two lines.
    const ends = sql`SELECT id AS event_id FROM event WHERE type = 'stdout'
      ORDER BY id LIMIT 1`;
    assert.deepEqual(
      lines(db, ends, { context: 1 }).map(({ line, text }) => [line, text]),
      [[2, "two"], [3, "three"]],
    );
  }));
