// Creates an unbound database of a run with this many events: 13 per task, from
// five components, in realistic order.
import { createSchema, insertRows, openDatabase, spanKey } from "dnpc/sql";
import { writeKinds } from "../../importers/store/write_kinds.ts";

const [file = "", events = "10000"] = Deno.args;
const rundir = "/runs/000";
const executor = "htex";
const manager = "9fec5171ac0d";

type Attributes = Record<string, string | string[]>;
const accounts: readonly {
  type: string;
  of: (task: string) => Attributes;
  key: (task: string) => string[];
  events: readonly string[];
}[] = [
  {
    type: "parsl.rundir.task",
    of: (task) => ({
      task,
      app: `app${Number(task) % 3}`,
      // Dependencies form chains of ten tasks.
      depends: Number(task) % 10 ? [String(Number(task) - 1)] : [],
    }),
    key: (task) => [task],
    events: ["submitted"],
  },
  {
    type: "parsl.rundir.try",
    of: (task) => ({ task, try: "0", executor, executor_task: task }),
    key: (task) => [task, "0"],
    events: ["pending", "launched", "exec_done"],
  },
  ...[
    {
      name: "interchange",
      events: [
        "interchange_queued",
        "interchange_to_manager",
        "interchange_removing_task",
      ],
    },
    { name: "manager", events: ["manager_got_task"] },
    {
      name: "worker",
      events: [
        "worker_received_task",
        "worker_completed_task",
        "worker_all_finished_task",
        "a line of %s",
        "another line of %s",
      ],
    },
  ].map(({ name, events }) => ({
    type: `parsl.executor.htex.${name}.task`,
    of: (task: string) => ({
      executor,
      block: "0",
      manager,
      executor_task: task,
      ...(name === "worker" ? { worker: String(Number(task) % 8) } : {}),
    }),
    key: (task: string) => [executor, task],
    events,
  })),
];
const order = [
  "submitted",
  "pending",
  "launched",
  "interchange_queued",
  "interchange_to_manager",
  "manager_got_task",
  "worker_received_task",
  "a line of %s",
  "another line of %s",
  "worker_completed_task",
  "worker_all_finished_task",
  "interchange_removing_task",
  "exec_done",
  "failed",
];
const perTask = accounts.reduce((sum, { events }) => sum + events.length, 0);

using db = await openDatabase(file);
createSchema(db);
writeKinds(db);
db.exec(`
  INSERT INTO source (id, path, importer, bytes, lines)
    VALUES (1, '${rundir}/parsl.log', 'parsl.log', 100, 1);
  INSERT INTO run (id, run_id, rundir) VALUES (1, 'a', '${rundir}');
  INSERT INTO span (type, key, attributes, source_id) VALUES
    ('parsl.rundir.workflow', '000', '{"rundir":"${rundir}","run":"a"}', 1)`);
const tasks = Math.round(Number(events) / perTask);
const spans: (string | number)[][] = [];
const nested: [superspan: number, subspan: number, key: string][] = [];
const eventRows: (string | number | null)[][] = [];
for (let number = 0; number < tasks; number++) {
  const task = String(number);
  for (const { type, of, key, events } of accounts) {
    const id = spans.length + 2;
    const attributes = JSON.stringify({ rundir, ...of(task) });
    spans.push([id, type, spanKey([rundir, ...key(task)]), attributes, 1]);
    if (type === "parsl.rundir.try") nested.push([id - 1, id, "0"]);
    for (const usual of events) {
      const isFailure = usual === "exec_done" && number % 50 === 49;
      const event = isFailure ? "failed" : usual;
      const time = 1.8e9 + number / 100 + order.indexOf(event) / 10;
      const named = event.includes(" ") ? 0 : 1;
      eventRows.push([
        id,
        time,
        event,
        named,
        named ? null : `{"values":["${task}"]}`,
        1,
        eventRows.length + 1,
        100 * eventRows.length,
      ]);
    }
  }
}
insertRows(db, "span", ["id", "type", "key", "attributes", "source_id"], spans);
insertRows(db, "subspan", ["superspan_id", "subspan_id", "key"], nested);
insertRows(db, "event", [
  "span_id",
  "time",
  "type",
  "named",
  "attributes",
  "source_id",
  "line",
  "offset",
], eventRows);
