import { blocksOverTime, type Chart } from "dnpc/plots";
import assert from "node:assert/strict";

const rows = [
  { block: "0", start: 0, end: 4, state: "queued", ended_as: "SCALED_IN" },
  { block: "0", start: 4, end: 20, state: "working", ended_as: "SCALED_IN" },
  { block: "1", start: 0, end: 6, state: "queued", ended_as: "TIMEOUT" },
  { block: "1", start: 6, end: 16, state: "idle", ended_as: "TIMEOUT" },
].map((row) => ({
  run: "000",
  executor: "htex",
  job: "77",
  blocks: 0,
  ...row,
}));

const decisions = [
  { start: -1, state: "scaling out", blocks: 2 },
  { start: 9, state: "scaling in", blocks: 1 },
].map((row) => ({
  ...rows[0]!,
  block: null,
  end: row.start,
  ended_as: null,
  ...row,
}));

const tipsOf = (chart: Chart) => chart.options.tips!().map(({ text }) => text);

Deno.test("blocksOverTime() adds up states, decisions and failures", () => {
  const { caption, options } = blocksOverTime([...rows, ...decisions]);
  assert.equal(
    caption,
    "2 blocks in 21 s: queued 10 s, working 16 s, idle 10 s in total. Parsl " +
      "scaled out once, by 2 blocks, and in once, by 1 block. 1 block failed.",
  );
  assert.deepEqual(options.legend?.map(({ label }) => label), [
    "queued",
    "working",
    "idle",
    "decision to scale",
    "failed",
  ]);
});

Deno.test("blocksOverTime() writes the number of blocks at each decision", () => {
  const { svg } = blocksOverTime([...rows, ...decisions]);
  assert.match(svg, />\+2<\/text>/);
  assert.match(svg, />−1<\/text>/);
  // Those at one place are added up.
  const twice = [...rows, ...decisions, ...decisions];
  assert.match(blocksOverTime(twice).svg, />\+4<\/text>/);
});

Deno.test("blocksOverTime() names the block, its job and how it ended", () => {
  assert.deepEqual(tipsOf(blocksOverTime([...rows, ...decisions])).sort(), [
    "Parsl scaled in by 1 block\nat 10 s",
    "Parsl scaled out by 2 blocks\nat 0 s",
    "block 0 of htex, job 77\nqueued for 4 s from 1 s on\nlast state SCALED_IN",
    "block 0 of htex, job 77\nworking for 16 s from 5 s on\nlast state SCALED_IN",
    "block 1 of htex, job 77\nidle for 10 s from 7 s on\nlast state TIMEOUT",
    "block 1 of htex, job 77\nqueued for 6 s from 1 s on\nlast state TIMEOUT",
  ]);
});

Deno.test("blocksOverTime() says which blocks have no end, and takes any columns", () => {
  const { caption } = blocksOverTime(
    [["a", 0, null, "running"], ["b", 0, 4, "ended"], ["c", null, 1, "ended"]],
  );
  assert.equal(
    caption,
    "2 blocks in 4 s: running 4 s, ended 4 s in total. 1 block has no end: drawn " +
      "to the end of the data. 1 row without a time left out.",
  );
});
