import { strict as assert } from "node:assert";
import { tasks } from "dnpc/questions";
import { logSet, onLogs, wqLogs } from "../importers/logs.ts";

// Counted in parsl.log with grep and Python.
onLogs("tasks() names the slowest and those tried again", [wqLogs], (db) => {
  const all = tasks(db);
  assert.equal(all.length, 104);
  assert.deepEqual(
    all.filter(({ state }) => state === "failed" || state === "dep_fail")
      .map(({ task, state }) => [task, state]),
    [
      ["68", "failed"],
      ["69", "failed"],
      ["70", "dep_fail"],
      ["71", "dep_fail"],
      ["85", "failed"],
    ],
  );
  assert.equal(tasks(db, { retried: true }).length, 9);
  const slowest = tasks(db, { slowest: 4 });
  assert.deepEqual(
    slowest.map(({ task, app, seconds }) => [task, app, seconds!.toFixed(5)]),
    [
      ["3", "bottom", "75.41320"],
      ["7", "bottom", "74.84747"],
      ["1", "left", "74.84266"],
      ["2", "right", "74.20463"],
    ],
  );
  const [flaky] = tasks(db, { app: "flaky" });
  assert.equal(flaky!.task, "62");
  assert.equal(flaky!.launched, 1795344316.095317);
  assert.equal(flaky!.seconds!.toFixed(5), "35.52639");
});

onLogs("tasks() lists what there is instead of nothing", [wqLogs], (db) => {
  assert.throws(
    () => tasks(db, { app: "flakey" }),
    /no task has the app "flakey": there is flaky, after_fail/,
  );
  assert.throws(
    () => tasks(db, { run: "000", state: "done" }),
    /no task has the state "done": there is exec_done, dep_fail, failed/,
  );
  assert.throws(() => tasks(db, { slowest: 0 }), RangeError);
  assert.throws(() => tasks(db, { run: "x9" }), /there is no run "x9"/);
});

const threadLogs = logSet("threads.tar.gz", "tests/fixtures/workers", "");

// In parsl.log, 27 tasks changed from pending to launched, and each from
// launched to another state; task 29 at 1796041368.457866 and …69.930154.
onLogs("tasks() knows when threads executed them", [threadLogs], (db) => {
  const onThreads = tasks(db).filter(({ started }) => started !== null);
  assert.equal(onThreads.length, 27);
  for (const { launched, started, finished, ended } of onThreads) {
    assert.ok(launched! <= started! && started! <= finished!);
    assert.ok(finished! <= ended!);
  }
  const last = onThreads.find(({ task }) => task === "29");
  assert.equal(last?.launched, 1796041368.457866);
  assert.equal(last?.finished, 1796041369.930154);
});
