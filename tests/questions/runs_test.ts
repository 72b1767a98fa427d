import { strict as assert } from "node:assert";
import { runs } from "dnpc/questions";
import { larger, onLogs } from "../importers/logs.ts";

// sqlite3 monitoring.db "SELECT count(DISTINCT task_id) FROM status WHERE run_id =
// '...' AND task_status_name IN ('failed', 'dep_fail')": 10 in each run, and
// fail_retryable of 18.
onLogs("runs() counts the tasks of each run", [larger("mon-htex")], (db) => {
  assert.deepEqual(
    runs(db).map((row) => [
      row.run,
      row.state,
      row.tasks,
      row.failed,
      row.retried,
      row.unfinished,
    ]),
    [["000", "ended", 197, 10, 18, 0], ["001", "ended", 197, 10, 18, 0]],
  );
  assert.equal(runs(db, { run: "001" }).length, 1);
});
