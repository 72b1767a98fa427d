import { strict as assert } from "node:assert";
import { join } from "node:path";
import { byHand, sets, unpacked } from "./workers_by_hand/by_hand.ts";

/**
 * Attempts, of these lost and running at the end, and lives of workers. From
 * the logs with grep and awk: lines with "Received executor task" (or "received
 * executor task") and files of workers; tries with "exception of type
 * ManagerLost" or "WorkerLost" whose executor task was received; RUNNING of
 * tasks without a LIBRARY or DUTY line, those without RETRIEVED, and lines with
 * " CONNECTION"; "launched on executor threads" and names of threads. From
 * monitoring.db with sqlite3: rows running, those without running_ended, and
 * distinct uid of node.
 */
const counts: Record<string, [number, number, number, number]> = {
  "htex-blocks": [68, 2, 0, 8],
  "htex-node-killed": [68, 2, 0, 8],
  "htex-worker-killed": [23, 1, 0, 2],
  "htex-killed-idle": [20, 6, 0, 2],
  "htex-quiet": [19, 2, 0, 4],
  "two-executors": [27, 0, 0, 4],
  "cut": [25, 0, 4, 4],
  "mpi": [23, 0, 0, 3],
  "threads": [33, 0, 0, 4],
  "threads-monitoring": [33, 0, 0, 4],
  "wq": [35, 2, 0, 2],
  "taskvine-slots": [48, 4, 0, 2],
  "taskvine-library": [48, 4, 0, 2],
  "taskvine-library-failing": [84, 84, 0, 16],
  "monitoring-alone": [44, 0, 0, 2],
  "monitoring-cut": [22, 0, 4, 2],
  "monitoring-two-executors": [10, 0, 2, 2],
  "htex-head": [200, 0, 0, 3],
  "mon-htex": [200, 0, 0, 2],
  "multi-htex": [161, 2, 0, 12],
  "obs-wf": [200, 0, 0, 2],
  "head-json": [200, 0, 0, 3],
  "lnni": [324, 0, 93, 183],
  "minitask": [1000, 0, 0, 51],
  "serverless-7.5": [1001, 1, 0, 494],
  "blast-prerelease": [100, 0, 0, 50],
  "colmena-7.5": [1228, 0, 0, 100],
  "wq-colmena": [1228, 0, 0, 102],
};

for (const set of sets) {
  Deno.test({
    name:
      `the script for ${set.format} counts attempts and workers: ${set.name}`,
    ignore: set.ignore,
    async fn() {
      const rundir = join(await unpacked(set), set.inside);
      const counted = await byHand(set.script, rundir);
      if (counted === undefined) return;
      const { attempts, workers, instants } = counted;
      const ended = (as: string) =>
        attempts.filter(({ outcome }) => outcome === as).length;
      assert.deepEqual(
        [attempts.length, ended("lost"), ended("running"), workers.length],
        counts[set.name],
      );
      assert.ok(attempts.every(({ start, end }) => start <= end));
      assert.equal(instants.length, 20);
      assert.ok(instants.every(({ busy, slots }) => busy <= slots));
    },
  });
}
