/**
 * An importer for logs that dnpc does not know: those of funcX. A client, an
 * endpoint and its workers each write a log; the client numbers its calls, and
 * the others identify them by UUID. Which component logs how many calls, and
 * where is every call over time? Saves a chart in the current directory.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/funcx.ts FOLDER
 *
 * FOLDER contains synthetic.log, endpoint.log and worker_logs. By default, the
 * script uses an excerpt from this repository.
 */
import { importLines, openDatabase, spansInState } from "dnpc";
import { bind, sql } from "dnpc/sql";
import { eventsOf } from "dnpc/questions";

const folder = Deno.args[0] ??
  `${import.meta.dirname}/../tests/fixtures/funcx`;
const call = "funcx.client.call";
const task = "funcx.endpoint.task";
const execution = "funcx.worker.execution";

using db = await openDatabase();
console.log(
  await importLines(db, `${folder}/synthetic.log`, {
    time: /^(?<time>[\d.]+) .*?:\d+ \S+ [A-Z]+: /,
    lines: [
      { span: call, match: /FUNC (?<call>\d+) (?<event>\w+)/ },
      { span: call, match: /BIND (?<call>\d+) (?<task>.+)/, details: ["task"] },
    ],
  }),
);
console.log(
  await importLines(db, `${folder}/endpoint.log`, {
    time: /^(?<time>[\d.]+) \S+ \S+ [A-Z]+ .*?:\d+ \S+ /,
    lines: [
      { span: task, event: "received", match: /Received task: (?<task>\S+)/ },
      { span: task, event: "sent", match: /Sent task (?<task>\S+) to manager/ },
      { span: task, event: "done", match: /Passing result .* (?<task>\S+)$/ },
    ],
  }),
);
console.log(
  await importLines(db, `${folder}/worker_logs`, {
    path: /(?<manager>\w+)\/funcx_worker_(?<worker>\d+)\.log$/,
    time: /^(?<time>[\d.]+) \S+ \S+ [A-Z]+ .*?:\d+ \S+ /,
    lines: [
      { span: execution, event: "begun", match: /executing .*'(?<task>.+)'/ },
      { span: execution, event: "ended", match: /task (?<task>\S+) completed/ },
    ],
  }),
);

bind(db, [
  { implies: ["task"], gives: ["call"] },
  { subspan: [call, task], on: ["task"] },
  { subspan: [task, execution], on: ["task"], key: "worker" },
]);
console.log(db.query(`
  SELECT type, count(*) AS spans, count(attributes ->> 'call') AS with_call
  FROM span GROUP BY type`));

const places = db.query(sql`
  SELECT root_id AS call, time,
    CASE event_type WHEN 'submit' THEN 'submitted'
      WHEN 'received' THEN 'at the endpoint' WHEN 'sent' THEN 'at a manager'
      WHEN 'begun' THEN 'running' WHEN 'ended' THEN 'result waiting'
      WHEN 'done' THEN 'result in the service' END AS place
  FROM (${eventsOf(call, { events: "named" })})
  WHERE event_type NOT IN ('submitted', 'result_start')`);
spansInState(places, { title: "Where every call was" }).save("funcx.png");
