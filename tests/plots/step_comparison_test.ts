import { type Chart, stepComparison } from "dnpc/plots";
import assert from "node:assert/strict";
import { showReport } from "../../display/text/rows.ts";

// The sums and differences of each test were added up by hand.

/** Rows as of compare(db): each has the mean of the baseline, too. */
const rows = [
  ["in the DFK", 2, 5],
  ["in a worker", 3, 2.5],
  ["returning", 0.001, 0.002],
].map(([step, baseline, mean_per_task]) => ({
  step,
  run: "001",
  mean_per_task,
  baseline,
  baseline_run: "000",
}));

function drawn({ svg }: Chart) {
  const plot = svg.slice(svg.indexOf("<svg", 4));
  return {
    bars: [...plot.matchAll(/<rect fill="(#\w+)"[^>]* width="([\d.]+)"/g)]
      .map(([, fill, width]) => ({ fill, width: Number(width) })),
    texts: [...plot.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text!),
  };
}

Deno.test("stepComparison() draws means in the order of the rows, and says where the difference is", () => {
  const chart = stepComparison(rows);
  assert.equal(
    chart.caption,
    "Mean time per task: 7.5 s in 001, 2.5 s more than in 000: +3.00 s in the " +
      "DFK, \u22120.50 s in a worker.",
  );
  const { bars, texts } = drawn(chart);
  const [pale, own] = [bars[0]!.fill, bars[1]!.fill];
  assert.notEqual(pale, own);
  assert.deepEqual(bars.map(({ fill }) => fill), [
    pale,
    own,
    pale,
    own,
    pale,
    own,
  ]);
  const second = bars[0]!.width / 2;
  [2, 5, 3, 2.5].forEach((mean, i) =>
    assert.ok(Math.abs(bars[i]!.width - mean * second) < 0.1)
  );
  // A millisecond is nothing beside 3 s.
  assert.deepEqual(texts.filter((text) => /^[+\u2212]/.test(text)), [
    "+3.00 s",
    "\u22120.50 s",
  ]);
  assert.ok(texts.includes("mean per task (s) →"));
  assert.ok(chart.svg.includes("000 (baseline)"));
});

Deno.test("stepComparison() takes the first run of other rows as the baseline", () => {
  const rows = [..."abc"].flatMap((run, i) => [
    { phase: "load", machine: run, seconds: 1 },
    { phase: "sail", machine: run, seconds: 2 + i },
  ]);
  const chart = stepComparison(rows);
  assert.equal(chart.caption, "Mean time: 3 s in a, 4 s in b, 5 s in c.");
  assert.ok(chart.svg.includes("a (baseline)"));
  const { texts } = drawn(chart);
  assert.deepEqual(
    texts.filter((text) => text.startsWith("+")),
    ["+1.00 s", "+2.00 s"],
  );
});

Deno.test("stepComparison() draws at most 20 runs and 20 steps, and counts what is left out", () => {
  const many = Array.from(
    { length: 23 },
    (_, run) =>
      Array.from({ length: 25 }, (_, step) => ({
        step: `step ${step}`,
        run: `run ${run}`,
        mean: (25 - step) * (1 + run % 7),
      })),
  ).flat();
  const { caption, svg } = stepComparison([...many, {
    step: "lost",
    run: "run 0",
    mean: null,
  }]);
  // 25 + 24 + ... + 1 seconds, once to seven times: 2,275.
  assert.match(
    caption,
    /^Mean time: 325 s in run 0, and from 325 s in run 7 to 38 min in run 6\./,
  );
  assert.match(
    caption,
    /1 row without a mean left out\. 3 more runs not drawn/,
  );
  assert.ok(svg.includes("other (5)") && !svg.includes("step 20"));
  assert.ok(svg.length < 300_000);
});

Deno.test("stepComparison() has the sentences of its rows as its caption", () => {
  const shown = showReport([...rows], { heading: "001 took long." });
  assert.equal(stepComparison(shown).caption, "001 took long.");
  const many = showReport([...rows], { heading: "a\nb\nc\nd\ne" });
  assert.match(stepComparison(many).caption, /^Mean time per task: 7\.5 s/);
  assert.match(
    stepComparison(shown, { caption: "mine" }).caption,
    /^mine$/,
  );
});

Deno.test("stepComparison() draws the spread of repeated runs, and in grey what is within it", () => {
  const repeated = [
    ["in the DFK", 2, 0.5, 3, 0.25, 1],
    ["in a worker", 4, 1, 3.5, 1, 0],
  ].map(([step, baseline, baseline_stddev, mean, stddev, exceeds_spread]) => ({
    step,
    group: "2",
    mean_per_task: mean,
    baseline,
    stddev,
    baseline_stddev,
    exceeds_spread,
    baseline_group: "1",
  }));
  const chart = stepComparison(repeated);
  assert.match(chart.caption, /Differences in grey are within the spread/);
  const { bars, texts } = drawn(chart);
  assert.ok(
    texts.includes("mean per task, ± standard deviation over runs (s) →"),
  );
  const second = bars[0]!.width / 2;
  // Of each bar in turn, twice the standard deviation.
  const lengths = [
    ...chart.svg.matchAll(/d="M([\d.]+),([\d.]+)L([\d.]+),\2"/g),
  ].map(([, x1, , x2]) => (Number(x2) - Number(x1)) / second);
  assert.deepEqual(
    lengths.map((length) => Number(length.toFixed(2))),
    [1, 0.5, 2, 2],
  );
  const grey = /fill="(#\w+)"[^>]*>\u22120\.50 s</.exec(chart.svg)![1];
  const clear = /fill="(#\w+)"[^>]*>\+1\.00 s</.exec(chart.svg)![1];
  assert.notEqual(grey, clear);
  // Without repeated runs nothing is said of them.
  assert.doesNotMatch(stepComparison(rows).svg, /deviation|grey/);
});
