import { strict as assert } from "node:assert";
import { type QueueLength, queueLengths } from "dnpc/questions";
import { askPython } from "../importers/databases.ts";
import { flowLogs, larger, onLogs } from "../importers/logs.ts";

const of = (rows: readonly QueueLength[], source: string, queue: RegExp) =>
  rows.filter((row) => row.source === source && queue.test(row.queue));

/** In the order of the lines: the length after each that changes it. */
const count = `
import json, re, sys, tarfile
length, lengths = 0, []
with tarfile.open(sys.argv[1]) as tar:
    for member in tar:
        if not member.name.endswith("/interchange.log"):
            continue
        for line in tar.extractfile(member).read().decode().splitlines():
            sent = re.search(r"Sent tasks: \\[(.*)\\] to manager", line)
            put = "onto pending_task_queue" in line and " Put task " in line
            if sent or put:
                length += 1 if put else -len(sent[1].split(","))
                lengths.append([float(line.split()[0]), length])
print(json.dumps(lengths))`;

onLogs(
  "queueLengths() counts the interchange's queue as its lines do",
  flowLogs,
  async (db, { path }) => {
    const output = await askPython(count, path);
    if (output === undefined) return;
    const told = new Map<number, number>(JSON.parse(output));
    const rows = of(queueLengths(db), "implicit", /^in the interchange$/);
    assert.deepEqual(rows.map(({ time, length }) => [time, length]), [...told]);
  },
);

// queues.py lists the readings, and manager.log has nothing else with "pending".
onLogs(
  "queueLengths() has each reading of a manager",
  flowLogs,
  async (db, { path }) => {
    const script = Deno.readTextFileSync("tests/questions/queues.py");
    const output = await askPython(script, path);
    if (output === undefined) return;
    const rows = of(queueLengths(db), "logged", /^in manager [0-9a-f]{12}$/);
    assert.deepEqual(
      rows.map(({ length }) => length),
      JSON.parse(output).readings,
    );
  },
);

// Python finds 400 records "TMP2: there are 57 tasks in the pending task queue",
// 390 of them above 1, at most 98, 18,050 in total; 200 tasks put onto the queue
// and 200 sent, at most 98 between.
onLogs(
  "queueLengths() has both accounts of the interchange's queue",
  [larger("obs-wf")],
  (db) => {
    const rows = queueLengths(db, { run: "000", executor: "htex_Local" });
    const logged = of(rows, "logged", /interchange/).map(({ length }) =>
      length
    );
    assert.equal(logged.length, 400);
    assert.equal(logged.filter((length) => length > 1).length, 390);
    assert.equal(logged.reduce((a, b) => Math.max(a, b)), 98);
    assert.equal(logged.reduce((a, b) => a + b), 18_050);
    const implicit = of(rows, "implicit", /interchange/);
    assert.equal(implicit.reduce((a, b) => Math.max(a, b.length), 0), 98);
    assert.equal(implicit.at(-1)!.length, 0);
    assert.throws(
      () => queueLengths(db, { executor: "none" }),
      /no executor "none"/,
    );
  },
);

// awk on wq's master_log: 177 lines, tasks_waiting at most 52. Its transaction_log
// has no more than 52 tasks waiting at once, and none in the end.
onLogs(
  "queueLengths() reads the statistics of Work Queue",
  [larger("wq")],
  (db) => {
    const rows = queueLengths(db);
    const logged = of(rows, "logged", /^in Work Queue$/);
    assert.equal(logged.length, 177);
    const implicit = of(rows, "implicit", /^in Work Queue$/);
    for (const lengths of [logged, implicit]) {
      assert.equal(lengths.reduce((a, b) => Math.max(a, b.length), 0), 52);
    }
    assert.equal(implicit.at(-1)!.length, 0);
  },
);

// The lost tasks of its killed managers were cancelled in the interchange.
onLogs(
  "queueLengths() ends with the loss of a manager",
  [larger("multi-htex")],
  (db) => {
    const last = new Map(
      of(queueLengths(db), "implicit", /^in manager/)
        .map(({ queue, length }) => [queue, length]),
    );
    assert.ok(last.size > 6);
    assert.ok(last.values().every((length) => length === 0));
  },
);
