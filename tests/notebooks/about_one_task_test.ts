import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("about_one_task.ipynb follows a task through JSON logs and text logs", async () => {
  const shown = await showNotebook("about_one_task");
  assert.deepEqual(shown.titles, [
    "Task 1: from each event to the next",
    "Task 0: from each event to the next",
    "Task 37: from each event to the next, in both tries",
    "From launched to received by a worker, every try",
    "What the workers did while the second try of task 37 waited",
  ]);
  // By hand, from the lines of the four logs of each run.
  for (const heading of ["About task 50", "About task 1"]) {
    const { entries, story } = sequences(heading);
    assert.ok(entries.length >= 11);
    assert.deepEqual(story, entries);
  }
  assertShown(shown, /Task 1: has outstanding/);
  assertShown(shown, /^ +11\.250210 .*worker_received_task$/m);
  assertShown(shown, /^1 +82 +11\.333890$/m);
  assertShown(shown, /▸ +26 .*Sent\s+tasks: \[82\] to manager/s);
  // From worker_0.log: 17 tasks held worker 0 in that time.
  assertShown(shown, /^63 spans: mean 1\.244 s/m);
  assertShown(shown, /^busy +17 +1\.905/m);
});

/** The sequence of a task by hand, and in the story right below it. */
function sequences(heading: string): { entries: string[]; story: string[] } {
  const { cells } = JSON.parse(
    Deno.readTextFileSync(inCheckout("notebooks", "about_one_task.ipynb")),
  ) as { cells: Cell[] };
  const at = cells.findIndex(({ source }) => source.join("").includes(heading));
  const entries = cells[at]!.source.map((line) =>
    /^ +(\d\d:\d\d:\d\d\.\d{3}) .* (\S+:\d+)\s*$/.exec(line)
  ).filter((found) => found !== null)
    .map(([, time, place]) => `${time} ${place}`);
  const text = cells.slice(at + 1)
    .find(({ cell_type }) => cell_type === "code")!
    .outputs![0]!.data["text/plain"].join("");
  const told = text.split(/\n(?=\d\d:)/).map((entry) =>
    `${entry.slice(0, 12)} ${/[\w.]+:\d+(?=\)$)/.exec(entry)}`
  );
  return { entries, story: told.filter((entry) => entries.includes(entry)) };
}

interface Cell {
  cell_type: string;
  source: string[];
  outputs?: { data: { "text/plain": string[] } }[];
}
