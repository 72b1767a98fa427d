import { type Chart, utilisationOverTime } from "dnpc/plots";
import assert from "node:assert/strict";

// The sums and shares of each test were added up by hand.

const rows = [
  { use: "nothing queued", start: 0, end: 10, slots: 1 },
  { use: "useful", start: 0, end: 10, slots: 3 },
  { use: "lost", start: 10, end: 20, slots: 2.5 },
  { use: "useful", start: 10, end: 20, slots: 1.5 },
];

const tipsOf = ({ options }: Chart) => options.tips!().map(({ text }) => text);

Deno.test("utilisationOverTime() says which share of the slots had a task, and why the others had none", () => {
  const { caption, options } = utilisationOverTime(rows);
  assert.equal(
    caption,
    "At most 4 slots, 80 s in total: 88% with a task (useful 56%, lost 31%), " +
      "13% without (nothing queued 13%).",
  );
  assert.deepEqual(options.legend?.map(({ label }) => label), [
    "useful",
    "lost",
    "nothing queued",
    "capacity",
  ]);
  assert.deepEqual(options.y?.domain, [0, 4]);
});

Deno.test("utilisationOverTime() names the slots of each use in a bin, those with a task at the bottom", () => {
  assert.deepEqual(
    tipsOf(utilisationOverTime(rows)).map((text) => text.split("\n").slice(1)),
    [["nothing queued: 1", "useful: 3"], ["lost: 2.5", "useful: 1.5"]],
  );
});

Deno.test("utilisationOverTime() adds up the groups of a question", () => {
  const twice = rows.flatMap((row) => [
    { ...row, executor: "a" },
    { ...row, executor: "b" },
  ]);
  assert.match(utilisationOverTime(twice).caption, /^At most 8 slots, 160 s/);
  const { panels } = utilisationOverTime(twice, { facet: "executor" }).options;
  assert.match(panels![1]!.note!, /^At most 4 slots, 80 s/);
});

Deno.test("utilisationOverTime() counts the rows that it leaves out", () => {
  const { caption } = utilisationOverTime([
    ["useful", 0, 1, 1],
    ["useful", 0, null, 1],
    ["useful", 0, 1, "many"],
    ["useful", 0, 1, 1e300],
  ]);
  assert.match(
    caption,
    /2 rows without a number left out\. 1 row without a time left out\.$/,
  );
});

Deno.test("utilisationOverTime() names a column that the rows lack", () => {
  assert.throws(() => utilisationOverTime(rows, { use: "cause" }), {
    name: "TypeError",
    message: /no column "cause"/,
  });
});

Deno.test("utilisationOverTime() gives each run an axis of its own slots", () => {
  const { options } = utilisationOverTime([
    { run: "000", use: "useful", start: 0, end: 10, slots: 4 },
    { run: "001", use: "useful", start: 0, end: 10, slots: 4000 },
  ]);
  assert.deepEqual(
    options.panels!.flatMap(({ plots }) => plots.map(({ y }) => y?.domain)),
    [[0, 4], [0, 4000]],
  );
});
