import { cumulativeDistribution, twoEvents } from "dnpc/plots";
import { timesBetween } from "dnpc/questions";
import assert from "node:assert/strict";
import { cutLogs, tzLogs, withFiles } from "../importers/logs.ts";

// A run cut off after half of each log.
const files = cutLogs(`${tzLogs.path}`, 0.5);
const texts = Object.values(files).map(String);

/** The numbers in a place of all logs, such as executor tasks. */
const numbers = (pattern: RegExp) =>
  new Set(
    texts.flatMap((text) =>
      Array.from(text.matchAll(pattern), ([, number]) => number!)
    ),
  );

const launched = numbers(/launched on executor \w+ with executor id (\d+)/g);
const received = numbers(/Received executor task (\d+)/g);
const waits = {
  from: "parsl.rundir.try/launched",
  to: "parsl.executor.htex.worker.task/worker_received_task",
};

Deno.test("charts of times between events count tries that had not ended", () =>
  withFiles(files, (db) => {
    const waiting = launched.difference(received).size;
    assert.ok(waiting > 5);
    const counted = new RegExp(
      ` ${waiting} of ${launched.size} tries had not ended`,
    );
    const rows = db.query(timesBetween(waits));
    for (const draw of [twoEvents, cumulativeDistribution]) {
      assert.match(draw(rows).caption, counted);
    }
    const known = timesBetween({ ...waits, unfinished: "until last known" });
    const chart = twoEvents(db.query(known));
    assert.match(chart.caption, counted);
    assert.match(chart.caption, /hollow/);
    const leftOut = timesBetween({ ...waits, unfinished: "leave out" });
    assert.equal(db.query(leftOut).length, launched.size - waiting);
  }, {}));
