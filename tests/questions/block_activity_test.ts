import { strict as assert } from "node:assert";
import { join } from "node:path";
import { blockActivity, blocks } from "dnpc/questions";
import { onLogs } from "../importers/logs.ts";
import { byHand, sets, unpacked } from "./workers_by_hand/by_hand.ts";

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-3, `${found}, not ${expected}`);

/** How long at least one of several times lasts. */
function covered(times: readonly { start: number; end: number }[]): number {
  let [seconds, until] = [0, -Infinity];
  for (const { start, end } of times.toSorted((a, b) => a.start - b.start)) {
    seconds += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return seconds;
}

const inBlocks = new Set(["htex-blocks", "htex-node-killed", "multi-htex"]);

onLogs(
  "blockActivity() has a block working while any of its workers has a task",
  sets.filter(({ name }) => inBlocks.has(name)),
  async (db, set) => {
    const rundir = join(await unpacked(set), set.inside);
    const counted = await byHand(set.script, rundir);
    if (counted === undefined) return;
    const rows = blockActivity(db, { run: set.inside });
    const own = Map.groupBy(counted.attempts, ({ block }) => block);
    for (const [block, attempts] of own) {
      const working = rows.filter((row) =>
        row.block === block && row.state === "working"
      );
      assert.ok(working.length > 0);
      near(
        working.reduce((sum, { seconds }) => sum + seconds!, 0),
        covered(attempts),
      );
    }
  },
);

onLogs(
  "blockActivity() has a state for each moment of a block, and says when Parsl scaled",
  sets.filter(({ name }) => inBlocks.has(name) || name === "wq"),
  async (db, set) => {
    const rows = blockActivity(db);
    for (const { run, block, submitted, queued_seconds, ended } of blocks(db)) {
      const own = rows.filter((row) => row.run === run && row.block === block);
      if (submitted !== null) near(own[0]!.start, submitted);
      if (own[0]!.state === "queued") near(own[0]!.seconds!, queued_seconds!);
      own.slice(1).forEach(({ start }, i) => near(start, own[i]!.end!));
      if (ended !== null) assert.ok(own.at(-1)!.end! >= ended - 1e-3);
    }
    // The lines of parsl.log, as grep would count them.
    const folder = set.format === "queue" ? "000" : set.inside;
    const log = await Deno.readTextFile(
      join(await unpacked(set), folder, "parsl.log"),
    );
    for (
      const [state, line] of [
        ["scaling out", /Scaling out by (\d+) blocks/g],
        ["scaling in", /Scale in called, blocks=(\d+)|Scaling in jobs: /g],
      ] as const
    ) {
      const found = rows.filter((row) =>
        row.state === state && row.run === folder
      );
      assert.deepEqual(
        found.map(({ blocks }) => blocks),
        [...log.matchAll(line)].map(([, blocks = 1]) => Number(blocks)),
      );
    }
  },
);
