import assert from "node:assert/strict";
import { lineOf, showNotebook } from "./shown.ts";

Deno.test("no_parsl_at_all.ipynb answers questions from each combination of three logs", async () => {
  const { texts, titles } = await showNotebook("no_parsl_at_all");
  assert.deepEqual(titles, [
    "How long did spans take, from submitted to result retrieved?",
    "Where every call was",
    "Time from submission to each step",
    "Progress of each call",
    "Median times that each combination of logs shows",
  ]);
  const find = (pattern: RegExp) => texts.find((text) => pattern.test(text));

  // Counted with grep: ten calls, thirteen tasks, each with its lines.
  const spans = find(/^type +spans/);
  assert.deepEqual(lineOf(spans, "funcx.endpoint.task").slice(1), [
    "13",
    "10",
    "39",
  ]);
  assert.deepEqual(lineOf(spans, "funcx.worker.execution").slice(1), [
    "13",
    "10",
    "26",
  ]);
  // Computed with Python's statistics from the times in the three logs.
  const answers = find(/^logs +total/);
  const medians: Record<string, (number | null)[]> = {
    client: [49.828029, null, null, null, null, null],
    endpoint: [null, null, 0.008692, null, null, null],
    "endpoint + workers": [null, null, 0.008692, 0.005009, 0.001137, 21.581605],
    "client + endpoint + workers": [
      49.828029,
      28.08331,
      0.008692,
      0.005009,
      0.001137,
      21.581605,
    ],
  };
  for (const [logs, expected] of Object.entries(medians)) {
    const words = lineOf(answers, logs).slice(1);
    assert.equal(words.length, 6);
    words.forEach((text, i) => {
      const seconds = expected[i] ?? null;
      if (seconds === null) assert.equal(text, "null", `${logs} ${i}`);
      else assert.ok(Math.abs(Number(text) - seconds) < 2e-6, `${logs} ${i}`);
    });
  }
});
