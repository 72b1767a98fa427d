import {
  type Chart,
  durationHeatmap,
  durationsOverTime,
  lifelines,
  timeline,
} from "dnpc/plots";
import assert from "node:assert/strict";

const tipsOf = ({ options }: Chart) =>
  (options.panels?.[0]?.plots[0] ?? options).tips!();

/** A size of a page that opens at once. */
const maxBytes = 700_000;

Deno.test("timeline() has tips for the few failures among thousands of bars, and for each line", () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    task: i % 300,
    app: "left",
    start: Math.floor(i / 300) * 10,
    end: Math.floor(i / 300) * 10 + 9,
    phase: "running",
  }));
  // Shorter than all others: the longest bars alone would hide it.
  rows.push({ task: 7, app: "left", start: 9, end: 9.25, phase: "failed" });
  const chart = timeline(rows, { height: 700 });
  const texts = tipsOf(chart).map(({ text }) => text);
  assert.ok(
    texts.includes("task 7, left\nfailed\n250 ms from 9 s on"),
    texts[0],
  );
  for (let task = 0; task < 300; task++) {
    assert.ok(texts.some((text) => text.startsWith(`task ${task}, left\n`)));
  }
  assert.ok(chart.html().length < maxBytes);
});

Deno.test("durationsOverTime() names each dot, and the cells with outliers", () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    start: i,
    end: i + (i === 13 ? 50 : 1),
    task: i,
    app: "left",
  }));
  const tips = tipsOf(durationsOverTime(rows));
  assert.equal(tips.length, 20);
  assert.ok(
    tips.some(({ text, y }) =>
      text === "task 13, left\n50 s\n13 s after the first" && y === 50
    ),
    tips[13]!.text,
  );
  // A million rows, one of them far above the others.
  const many = Array.from({ length: 100_000 }, (_, i) => [
    i / 10,
    i / 10 + (i === 77_777 ? 500 : 1 + i % 7),
  ]);
  for (const draw of [durationsOverTime, durationHeatmap]) {
    const chart = draw(many);
    const outliers = tipsOf(chart).filter(({ y }) => Number(y) > 450);
    assert.equal(outliers.length, 1);
    assert.match(outliers[0]!.text, /\b1 span\b/);
    assert.ok(chart.html().length < maxBytes);
  }
});

Deno.test("lifelines() has tips for the slowest span and for a bundle that goes its own way", () => {
  const rows = Array.from({ length: 2000 }, (_, task) => [
    { task, time: task, step: "sent" },
    {
      task,
      time: task + (task === 5 ? 99 : 1),
      step: task === 9 ? "lost" : "done",
    },
  ]).flat();
  const chart = lifelines(rows);
  const texts = tipsOf(chart).map(({ text }) => text);
  assert.ok(texts.some((text) => /^task 5\ndone after 99 s/.test(text)));
  assert.ok(
    texts.includes("1 span: lost after 1 s\nsent after 0 s"),
    texts.slice(-3).join("; "),
  );
  assert.ok(chart.html().length < maxBytes);
});
