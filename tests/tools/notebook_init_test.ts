import assert from "node:assert/strict";
import { executeNotebook } from "../../tools/notebook.ts";
import { initNotebook } from "../../tools/notebook_init.ts";
import { SetUpError } from "../../tools/set_up_error.ts";

Deno.test("initNotebook() creates a notebook that draws with dnpc in the user's folder", async () => {
  const folder = await Deno.makeTempDir({ prefix: "my runs " });
  try {
    await initNotebook(`${folder}/notebooks`);
    const { cells } = await executeNotebook(`${folder}/notebooks/start.ipynb`);
    const shown = cells.filter(({ cell_type }) => cell_type === "code")
      .map(({ outputs = [] }) => outputs.at(-1)?.data ?? {});
    assert.equal(shown.length, 6);
    assert.match(String(shown[0]!["text/plain"]), /parsl\.log/);
    // 104 tasks in monitoring.db, 5 of them failed or dep_fail.
    assert.match(String(shown[1]!["text/plain"]), /104\s+tasks, 5\s+failed/);
    assert.match(String(shown[2]!["text/plain"]), /^5 tasks failed/);
    assert.ok("image/png" in shown[3]!);
    // sqlite3 wq/runinfo/monitoring.db "SELECT count(*) FROM status WHERE
    // task_status_name = 'exec_done'" is 93.
    assert.match(
      String(shown[4]!["text/plain"]),
      /^launched → exec_done\n93 spans/,
    );
    assert.match(String(shown[5]!["text/plain"]), /parsl\.rundir\.try +116/);
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
