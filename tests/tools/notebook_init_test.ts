import assert from "node:assert/strict";
import { executeNotebook } from "../../tools/notebook.ts";
import { initNotebook } from "../../tools/notebook_init.ts";
import { SetUpError } from "../../tools/set_up_error.ts";

Deno.test("initNotebook() creates a notebook that draws with dnpc in the user's folder", async () => {
  const folder = await Deno.makeTempDir({ prefix: "my runs " });
  try {
    await initNotebook(`${folder}/notebooks`);
    const path = `${folder}/notebooks/start.ipynb`;
    // A user's own cell, with the packages that charts and tables are made of.
    const notebook = JSON.parse(await Deno.readTextFile(path));
    const last = notebook.cells.at(-1);
    notebook.cells.push({ ...last, id: "own", source: ownCell });
    await Deno.writeTextFile(path, JSON.stringify(notebook));

    const { cells } = await executeNotebook(path);
    const shown = cells.filter(({ cell_type }) => cell_type === "code")
      .map(({ outputs = [] }) => outputs.at(-1)?.data ?? {});
    assert.equal(shown.length, 7);
    const text = (i: number) => String(shown[i]!["text/plain"]);
    assert.match(text(0), /parsl\.log/);
    // 104 tasks in monitoring.db, 5 of them failed or dep_fail.
    assert.match(text(1), /104\s+tasks, 5\s+failed/);
    // grep -c " RUNNING " transaction_log is 104, of one worker.
    assert.match(
      text(2),
      /^Which tasks did each worker have\?\n104 attempts on 1 worker/,
    );
    assert.ok("image/png" in shown[2]!);
    assert.match(text(3), /^5 tasks failed/m);
    // One of the three tasks that are failed in monitoring.db.
    assert.match(text(4), /\bTask 68\b/i);
    assert.match(text(5), /parsl\.rundir\.try +116/);
    assert.match(text(6), /"104 104 true"/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("initNotebook() does not overwrite files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    await assert.rejects(initNotebook(folder), SetUpError);
    assert.equal(await Deno.readTextFile(`${folder}/deno.json`), "{}");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const ownCell = `import { desc, from } from "arquero";
import { max } from "d3-array";
import * as Plot from "@observablehq/plot";

const tasks = db.table("SELECT task_id FROM monitoring_task");
const chart = Plot.dot(tasks, { x: "task_id" });
[
  tasks.orderby(desc("task_id")).get("task_id") + 1,
  max(from(tasks).array("task_id")) + 1,
  chart instanceof Plot.Mark,
].join(" ");`;
