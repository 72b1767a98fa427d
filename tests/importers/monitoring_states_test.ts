import { strict as assert } from "node:assert";
import type { Database } from "dnpc/sql";
import { statesOverTime } from "dnpc/questions";
import { ask, askPython, onOriginals, rows } from "./databases.ts";

/** The number of tries and the total seconds per state. */
function timesInStates(db: Database, root: string) {
  const times = new Map<string, { tries: number; seconds: number }>();
  let before: { root_id: number; time: number; state: string } | undefined;
  for (
    const row of db.iterate<{ root_id: number; time: number; state: string }>(
      statesOverTime(root),
    )
  ) {
    const entered = times.get(row.state) ?? { tries: 0, seconds: 0 };
    entered.tries++;
    times.set(row.state, entered);
    if (before?.root_id === row.root_id) {
      assert.ok(row.time >= before.time);
      times.get(before.state)!.seconds += row.time - before.time;
    }
    before = row;
  }
  return [...times].sort().map(([state, { tries, seconds }]) =>
    `${state} ${tries} ${seconds.toFixed(3)}`
  );
}

// Uses the first row of each state of a try. A state ends when the next one
// begins, and begins no later than any later state.
const script = `
import sqlite3, sys, datetime, collections
db = sqlite3.connect("file:%s?mode=ro&immutable=1" % sys.argv[1], uri=True)
order = "pending launched running running_ended joining exec_done memo_done dep_fail failed fail_retryable".split()
tries = collections.defaultdict(dict)
query = "SELECT run_id, task_id, try_id, task_status_name, timestamp FROM status ORDER BY timestamp DESC"
for run, task, number, state, time in db.execute(query):
    unix = datetime.datetime.fromisoformat(time).replace(tzinfo=datetime.timezone.utc).timestamp()
    tries[run, task, number][order.index(state)] = unix
count, seconds = collections.Counter(), collections.Counter()
for states in tries.values():
    until = None
    for state in sorted(states, reverse=True):
        entered = states[state] if until is None else min(states[state], until)
        count[state] += 1
        if until is not None: seconds[state] += until - entered
        until = entered
for name, state in sorted((order[state], state) for state in count):
    print("%s %d %.3f" % (name, count[state], seconds[state]))
`;

onOriginals(
  "statesOverTime() gives the states of monitoring tries in order",
  async (db, { path }) => {
    const output = await askPython(script, path);
    if (output === undefined) return;
    assert.deepEqual(
      timesInStates(db, "parsl.monitoring.try"),
      output.split("\n"),
    );
  },
);

onOriginals(
  "importMonitoringDb() creates an event for every row of status",
  (db, { path }) => {
    const sql = (table: string, state: string) =>
      `SELECT ${state} AS state, count(*) FROM ${table} GROUP BY 1 ORDER BY 1`;
    assert.deepEqual(
      rows(
        db,
        sql(
          `event JOIN span ON span.id = span_id
           AND span.type = 'parsl.monitoring.try'`,
          "event.type",
        ),
      ),
      ask(path, sql("status", "task_status_name")),
    );
  },
);
