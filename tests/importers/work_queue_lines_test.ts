import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { countLines, larger, onLogs } from "./logs.ts";

onLogs(
  "importRuninfo() reads Work Queue's master_log as metrics of its manager",
  ["wq", "wq-2023", "desc-wq"].map(larger),
  (db, { path }) => {
    const log = `${path}/000/WorkQueueExecutor/master_log`;
    const [, ...lines] = Deno.readTextFileSync(log).trim().split("\n");
    // 57 columns: the time, and 56 numbers
    const last = lines.at(-1)!.split(" ").map(Number);
    assert.equal(last.length, 57);
    assert.deepEqual(
      rows(
        db,
        `SELECT count(*), count(DISTINCT name),
           max(iif(name = 'tasks_done', value, 0)),
           max(iif(name = 'time_execute', value, 0)),
           max(iif(name = 'time_when_started', value, 0))
         FROM metric JOIN span ON span.id = span_id
         WHERE type = 'workqueue.manager' AND metric = 'performance'`,
      ),
      [[56 * lines.length, 56, last[19], last[32]! / 1e6, last[23]! / 1e6]],
    );
  },
);

onLogs(
  "importRuninfo() understands or lists every line of a debug_log",
  ["wq", "wq-2023", "desc-wq"].map(larger),
  (_db, { path }, { sources }) => {
    const log = `${path}/000/WorkQueueExecutor/debug_log`;
    const source = sources.find((source) => source.path === log)!;
    // All but lines about sockets and names of hosts
    const ofQueue = countLines(log, /^\S+ \S+ \S+\[\d+\] wq: /);
    const ofOthers = countLines(log, /^\S+ \S+ \S+\[\d+\] (?!wq: )\w+: /);
    assert.deepEqual([source.matched, source.unmatched], [ofQueue, ofOthers]);
    assert.equal(source.lines, ofQueue + ofOthers);
    const listed = source.unmatchedTemplates
      .reduce((sum, { count }) => sum + count, 0);
    assert.equal(listed, ofOthers);
  },
);
