import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { readNotebook } from "../../tools/notebook.ts";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("guide.ipynb goes from two runs to the answers", async () => {
  const shown = await showNotebook("guide");
  // SELECT count(*) FROM task of monitoring.db, by run: 119, 155.
  assertShown(shown, /^2 runs, 274 tasks, /);
  // grep "always fails" parsl.log of 000: tasks 81 and 82, 4 with dependents.
  assertShown(shown, /^ +4 failed +ValueError: task N always fails$/m);
  assertShown(shown, /^Run 000, task 81, app always_fails$/m);
  // From "submitted for App" to the last "changing state" in parsl.log.
  assertShown(shown, /^72 +burn +2 +19\.13/m);
  // The manager that was killed had two tasks.
  assertShown(shown, /^1 +burn +72 [\s\S]*^0 +right +10 [\s\S]*outcome lost/m);
  // A process of block 0 got SIGKILL: 128 + 9.
  assertShown(shown, /^0 +10268 .* 137 +42 /m);
  // Half of the tasks took 2 of the 4 cores.
  assertShown(shown, /^000 +127\.0\.0\.1 .* 80\.34$/m);
  // SELECT count(*) FROM status of monitoring.db, by task_status_name.
  assertShown(shown, /^ +292 +290 +2\.9139/m);
  // The task that reads a file, by the log of the application.
  assertShown(shown, /^3 +app\.read$/m);
  assertShown(shown, /^queue +length +7$/m);
  // grep -c '"ph": "X"' ray.json.
  assertShown(shown, /^20 spans: /m);
});

Deno.test("guide.ipynb and ten_questions.ipynb name the paths to replace once", async () => {
  for (const name of ["guide", "ten_questions"]) {
    const { cells } = await readNotebook(
      inCheckout("notebooks", `${name}.ipynb`),
    );
    const code = cells.filter(({ cell_type }) => cell_type === "code")
      .map(({ source }) => source);
    assert.match(code[0]!, /"\.\.\/tests\/fixtures/);
    // They are pasted into notebooks in other folders.
    for (const source of code.slice(1)) {
      assert.doesNotMatch(source, /\.\.\/|\busing\b|\bassert\b/);
    }
  }
});
